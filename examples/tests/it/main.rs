//! The programs, run as a newcomer runs them, and the pages that show them.

mod curl_page;
mod discover;
mod pains;
mod programs;
mod quickstart;
mod readme;
mod run;
