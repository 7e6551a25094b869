//! The body of an answer: all of it at once, or half of it before the connection closes.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Sleep;

/// Why a connection closed without an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HungUp {
    #[error("the request could not be read; the client went away")]
    Unread(#[source] hyper::Error),
    #[error("a fault closed the connection")]
    Fault,
    #[error("the answer could not be written")]
    Answer(#[source] hyper::http::Error),
}

/// The half that is sent has to be on its way before the connection closes.
const ON_ITS_WAY: Duration = Duration::from_millis(20);

pub(crate) struct Sent {
    left: Option<Bytes>,
    /// Set if the connection is to close before the end.
    cut: Option<Pin<Box<Sleep>>>,
}

impl Sent {
    pub(crate) fn whole(body: Bytes) -> Sent {
        Sent { left: Some(body).filter(|body| !body.is_empty()), cut: None }
    }

    pub(crate) fn half(body: Bytes) -> Sent {
        let half = body.slice(..body.len() / 2);
        Sent { cut: Some(Box::pin(tokio::time::sleep(ON_ITS_WAY))), ..Sent::whole(half) }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = HungUp;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HungUp>>> {
        if let Some(body) = self.left.take() {
            return Poll::Ready(Some(Ok(Frame::data(body))));
        }
        match &mut self.cut {
            Some(sleep) => sleep.as_mut().poll(context).map(|()| Some(Err(HungUp::Fault))),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_none() && self.cut.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.cut, &self.left) {
            (Some(_), _) => SizeHint::default(),
            (None, left) => SizeHint::with_exact(left.as_ref().map_or(0, |body| body.len() as u64)),
        }
    }
}
