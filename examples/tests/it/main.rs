//! The programs, run as a newcomer runs them, and the pages that show them.

mod curl_page;
mod discover;
mod migrate;
mod nightly_sync;
mod own_platform;
mod pains;
mod provision;
mod quickstart;
mod readme;
mod report;
mod run;
mod unread;
