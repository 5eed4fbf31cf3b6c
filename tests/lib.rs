//! Tests that cross the crates of the workspace; there is nothing to use here.
