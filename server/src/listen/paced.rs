//! Streams and bodies whose peer must keep up a throughput. A client that sends or reads too slowly is given up.
use super::{
    Limits,
    connection_slots::{ConnectionSlot, Request},
};
use http_body::{Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

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
pub(super) struct PacedStream {
    stream: TcpStream,
    taking: Throughput,
    slot: Arc<ConnectionSlot>,
}
impl PacedStream {
    pub(super) const fn new(stream: TcpStream, limits: Limits, slot: Arc<ConnectionSlot>) -> Self {
        Self { stream, taking: Throughput::new(limits), slot }
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
        self.slot.set_unsent(true);
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.paced(written, context)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.set_unsent(true);
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.paced(written, context)
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = ready!(Pin::new(&mut self.stream).poll_flush(context));
        self.taking.rest();
        self.slot.set_unsent(false);
        Poll::Ready(flushed)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A request body that must keep up a throughput and end in time.
pub(super) struct PacedBody {
    body: Incoming,
    coming: Throughput,
    end: Pin<Box<Sleep>>,
}
impl PacedBody {
    pub(super) fn new(body: Incoming, limits: Limits) -> Self {
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

/// The body of an answer. Its connection is not idle before the body has ended or was given up.
pub(super) struct AnswerBody {
    body: axum::body::Body,
    request: Option<Request>,
}
impl AnswerBody {
    pub(super) const fn new(body: axum::body::Body, request: Request) -> Self {
        Self { body, request: Some(request) }
    }
}
impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() {
            self.request = None;
        }
        Poll::Ready(frame)
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
