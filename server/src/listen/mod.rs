//! Accepts connections and serves them with a router. A connection that is idle, sends too slowly or does not read its answer is
//! closed, so that no client holds resources that others need. Each address has a limited share of the connections, and when
//! there are no more the idle ones of the network that has most make room.
mod connection_slots;
mod forwarded;
#[cfg(test)]
#[path = "../../../app/forms/tests/common/fuzz.rs"]
mod fuzz;
mod paced;

use app::http::rate_limit::Peer;
use axum::{Router, body::Body, extract::Request};
use connection_slots::ConnectionSlots;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use ipnet::IpNet;
use metrics::counter;
use paced::{AnswerBody, PacedBody, PacedStream};
use std::{convert::Infallible, future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpSocket},
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time for the head of a request, and for a connection between two requests (keep-alive).
    pub head: Duration,
    /// The interval in which the progress of a body or an answer is checked.
    pub pace: Duration,
    /// Bytes that must be transferred in that interval.
    pub least: usize,
    /// Time for a whole body.
    pub body: Duration,
    /// Simultaneous connections.
    pub connections: usize,
    /// Simultaneous connections of one address that is not a trusted proxy.
    pub per_address: usize,
    /// Time for requests that are being answered when the server stops.
    pub drain: Duration,
}
impl Default for Limits {
    /// A phone on a very bad connection transfers some kilobytes in ten seconds; a thousand browsers of a hospital behind one
    /// address hold a few connections each, most of them idle.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            pace: Duration::from_secs(10),
            least: 2 * 1024,
            body: Duration::from_secs(180),
            connections: 16_384,
            per_address: 2_048,
            drain: Duration::from_secs(20),
        }
    }
}

/// Opens the listening socket. The send buffer is bounded, since answers that clients do not read stay in it.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(256 * 1024)?;
    socket.bind(address)?;
    socket.listen(4096)
}

/// Serves until `stop` completes, then waits for requests that are being answered, for at most [`Limits::drain`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    proxies: Vec<IpNet>,
    stop: impl Future<Output = ()>,
) {
    let slots = Arc::new(ConnectionSlots::new(limits.connections, limits.per_address));
    let proxies: Arc<[IpNet]> = proxies.into();
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(64 * 1024);
    let mut stop = pin!(stop);
    loop {
        let (stream, from) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                // Out of file descriptors: those of closed connections are returned shortly.
                Err(_) => {
                    sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        let own = from.ip().to_canonical();
        let trusted = forwarded::is_trusted(&proxies, own);
        let Some(slot) = slots.take(own, trusted) else {
            counter!("yikao_connections_refused_total").increment(1);
            let _ = stream.set_zero_linger();
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (router, proxies, held) = (router.clone(), proxies.clone(), slot.clone());
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let peer = Peer(if trusted { forwarded::client(request.headers(), own, &proxies) } else { own });
            let under_way = held.begin_request();
            let mut request: Request = request.map(|body| Body::new(PacedBody::new(body, limits)));
            request.extensions_mut().insert(peer);
            let router = router.clone();
            async move {
                let Ok(answer) = router.oneshot(request).await;
                Ok::<_, Infallible>(answer.map(|body| AnswerBody::new(body, under_way)))
            }
        });
        let stream = PacedStream::new(stream, limits, slot.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let makes_room = async {
                slot.given_away().await;
                // A request that came at the last moment is answered first.
                while !slot.is_idle() {
                    sleep(Duration::from_millis(100)).await;
                }
            };
            // How a connection ended depends on the client and is not logged.
            tokio::select! {
                biased;
                _ = connection => {}
                () = makes_room => {}
            }
        });
    }
    drop(listener);
    let _ = timeout(limits.drain, graceful.shutdown()).await;
}
