//! A server for measurements, requests to it, and percentiles.
#![allow(dead_code, clippy::allow_attributes, reason = "each example uses a part of it")]
use server::listen::{self, Limits};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Serves a router on a free port, with the server's own listener.
pub async fn serve(router: axum::Router) -> SocketAddr {
    serve_within(router, Limits::default()).await
}
/// The same within other limits. No address that anything is measured from is a proxy, which may hold any number of connections.
pub async fn serve_within(router: axum::Router, limits: Limits) -> SocketAddr {
    let listener = listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(listen::serve(listener, router, limits, Vec::new(), std::future::pending()));
    address
}
/// Sends a request on a new connection and reads the answer.
pub async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
/// Requests a page.
pub async fn get(address: SocketAddr, path: &str, cookie: &str) -> String {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n")).await
}
/// The median and the 99th percentile.
pub fn at(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
pub fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
