//! Rows that are not as documented.
