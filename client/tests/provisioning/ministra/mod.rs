//! Ministra as a platform: its plans without a server, and with the sandbox's.

mod counts;
mod sandbox;
mod stage;
mod table;
mod values;
mod worlds;
