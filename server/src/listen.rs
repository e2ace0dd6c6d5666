//! Accepts connections and serves them with a router. A connection that is idle, sends too slowly or does not read its answer is
//! closed, so that no client holds resources that others need; each address has a limited share of the connections.
use app::http::rate_limit::Peer;
use axum::{Router, body::Body, extract::Request, response::Response};
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use ipnet::IpNet;
use metrics::{counter, gauge};
use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpSocket, TcpStream},
    time::{Instant, Sleep, sleep, timeout},
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
    let connections = Arc::new(Connections::default());
    let proxies: Arc<[IpNet]> = proxies.into();
    let graceful = GracefulShutdown::new();
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(64 * 1024);
    let mut stop = std::pin::pin!(stop);
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
        let trusted = is_trusted(&proxies, own);
        let Some(permit) =
            connections.take(own, if trusted { usize::MAX } else { limits.per_address }, limits.connections)
        else {
            counter!("yikao_connections_refused_total").increment(1);
            let _ = stream.set_zero_linger();
            continue;
        };
        let _ = stream.set_nodelay(true);
        let (router, proxies) = (router.clone(), proxies.clone());
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let peer = Peer(if trusted { forwarded(request.headers(), &proxies).unwrap_or(own) } else { own });
            let mut request: Request = request.map(|body| Body::new(PacedBody::new(body, limits)));
            request.extensions_mut().insert(peer);
            let router = router.clone();
            async move {
                let answer: Result<Response, Infallible> = router.oneshot(request).await;
                answer
            }
        });
        let connection = http.serve_connection(TokioIo::new(PacedStream::new(stream, limits)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // How a connection ended depends on the client and is not logged.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = timeout(limits.drain, graceful.shutdown()).await;
}

fn is_trusted(proxies: &[IpNet], address: IpAddr) -> bool {
    proxies.iter().any(|net| net.contains(&address))
}

/// The client of a trusted proxy: the last address in `X-Forwarded-For` that is not itself a trusted proxy.
fn forwarded(headers: &HeaderMap, proxies: &[IpNet]) -> Option<IpAddr> {
    let lists = headers.get_all("x-forwarded-for").iter().filter_map(|list| list.to_str().ok());
    let all: Vec<IpAddr> =
        lists.flat_map(|list| list.split(',')).filter_map(|text| text.trim().parse::<IpAddr>().ok()).collect();
    all.into_iter().rev().map(|address| address.to_canonical()).find(|address| !is_trusted(proxies, *address))
}

/// Counts the connections, in all and of each address.
#[derive(Default)]
struct Connections(Mutex<(usize, HashMap<IpAddr, usize>)>);
impl Connections {
    fn take(self: &Arc<Self>, address: IpAddr, own: usize, all: usize) -> Option<ConnectionPermit> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.0 >= all {
            return None;
        }
        let count = held.1.entry(address).or_default();
        if *count >= own {
            return None;
        }
        *count += 1;
        held.0 += 1;
        gauge!("yikao_connections").set(held.0 as f64);
        Some(ConnectionPermit { connections: self.clone(), address })
    }
}
/// A counted connection, until it is dropped.
struct ConnectionPermit {
    connections: Arc<Connections>,
    address: IpAddr,
}
impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut held = self.connections.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 = held.0.saturating_sub(1);
        if let Some(count) = held.1.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.1.remove(&self.address);
            }
        }
        gauge!("yikao_connections").set(held.0 as f64);
    }
}

/// Measures the throughput while a transfer is pending: fewer than `least` bytes in an interval are too slow.
struct Throughput {
    every: Duration,
    least: usize,
    passed: usize,
    look: Option<Pin<Box<Sleep>>>,
}
impl Throughput {
    const fn new(limits: Limits) -> Self {
        Self { every: limits.pace, least: limits.least, passed: 0, look: None }
    }
    fn progress(&mut self, bytes: usize) {
        self.passed += bytes;
    }
    /// Nothing is pending: the next wait starts a new interval.
    fn rest(&mut self) {
        self.look = None;
        self.passed = 0;
    }
    /// Whether the pending transfer is too slow. If not, the task is woken for the next check.
    fn is_too_slow(&mut self, context: &mut Context<'_>) -> bool {
        loop {
            // Bytes from before the wait do not count: buffers accept a lot at once.
            if self.look.is_none() {
                self.passed = 0;
            }
            let look = self.look.get_or_insert_with(|| Box::pin(sleep(self.every)));
            if look.as_mut().poll(context).is_pending() {
                return false;
            }
            if self.passed < self.least {
                return true;
            }
            self.passed = 0;
            look.as_mut().reset(Instant::now() + self.every);
        }
    }
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "too slow")
}

/// A stream whose peer must read what it requested.
struct PacedStream {
    stream: TcpStream,
    taking: Throughput,
}
impl PacedStream {
    const fn new(stream: TcpStream, limits: Limits) -> Self {
        Self { stream, taking: Throughput::new(limits) }
    }
    fn paced(&mut self, written: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.taking.progress(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending if self.taking.is_too_slow(context) => {
                // Discards what is still in the send buffer.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(too_slow()))
            }
            other => other,
        }
    }
}
impl AsyncRead for PacedStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}
impl AsyncWrite for PacedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.paced(written, context)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.paced(written, context)
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(context));
        self.taking.rest();
        Poll::Ready(flushed)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A request body that must keep up a throughput and end in time.
struct PacedBody {
    body: Incoming,
    coming: Throughput,
    end: Pin<Box<Sleep>>,
}
impl PacedBody {
    fn new(body: Incoming, limits: Limits) -> Self {
        Self { body, coming: Throughput::new(limits), end: Box::pin(sleep(limits.body)) }
    }
}
impl http_body::Body for PacedBody {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.coming.progress(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(other) => Poll::Ready(other.map(|result| result.map_err(Into::into))),
            Poll::Pending if this.coming.is_too_slow(context) || this.end.as_mut().poll(context).is_ready() => {
                Poll::Ready(Some(Err(too_slow().into())))
            }
            Poll::Pending => Poll::Pending,
        }
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
