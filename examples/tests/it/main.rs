//! The programs, run as a newcomer runs them, and the pages that show them.

mod curl_page;
mod discover;
mod pains;
mod program;
mod quickstart;
mod readme;
mod report;
