//! The listener (connections, their limits and their metrics), and the runner of jobs.
pub mod audit_heads;
pub mod jobs;
pub mod listen;
