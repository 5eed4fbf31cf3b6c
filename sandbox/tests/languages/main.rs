//! Programs in other languages against `jsonsql-sandbox`: those of the guide's page
//! "Testing your billing here", word for word, and the vendor's own SDK for TVIP.
//!
//! A program whose interpreter this machine does not have is not run, and that is
//! said on standard error. With `JSONSQL_LANGUAGES=all` in the environment it is a
//! failure instead, for machines that have them all.

mod guide;
mod interpreter;
mod sdk;
