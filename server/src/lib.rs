//! What listens (connections, their limits, and the metrics about them) and what runs jobs.
pub mod jobs;
pub mod listen;
