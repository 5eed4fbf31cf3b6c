//! Provisioning, on platforms in memory.

mod random;
mod worlds;
