//! The single operations, run as a person runs them, against a sandbox.

mod doctor;
mod export;
mod message;
mod run;
mod subscriber;
mod subscription;
mod tables;
mod terminal;
mod trial;
