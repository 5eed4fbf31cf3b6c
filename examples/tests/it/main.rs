//! The programs, run as a newcomer runs them.

mod curl_page;
mod quickstart;
