//! Cases of several subscribers, run against the sandbox.
