//! The colours and textures of what is drawn, and how they are mixed. Knows kinds of spans, and no places.

use engine::trace::SpanKind;

/// Red, green, blue and opacity.
pub type Colour = [u8; 4];

/// What covers next to nothing of its column is still so opaque.
const LEAST_OPACITY: u8 = 72;

/// The colours of a theme.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Palette {
    /// The loop while it is idle.
    pub track: Colour,
    /// Computing.
    pub cpu: Colour,
    /// Waiting in place, and the stripes on it.
    pub blocked: (Colour, Colour),
    /// The page is frozen; a process is down.
    pub freeze: Colour,
    /// Yields; the switches of a core.
    pub yields: Colour,
    /// Requests in flight, and their upper edge.
    pub in_flight: (Colour, Colour),
    /// Waiting at the server.
    pub queued: Colour,
    /// Somebody at work beside the loop.
    pub work: Colour,
    /// Waiting for somebody else.
    pub waiting: Colour,
    /// The outline of what was predicted.
    pub outline: Colour,
    /// The task that is lit up.
    pub accent: Colour,
}

/// How a kind is filled, so that its colour is not its only sign.
#[derive(Clone, Copy, PartialEq)]
pub enum Texture {
    /// All of it.
    Solid,
    /// With slanted lines.
    Stripes(Colour),
    /// The lower half.
    Half,
    /// A line in the middle.
    Thin,
    /// Every other point.
    Dots,
}

impl Palette {
    /// How a kind looks.
    pub fn of(&self, kind: SpanKind) -> (Colour, Texture) {
        match kind {
            SpanKind::Blocked => (self.blocked.0, Texture::Stripes(self.blocked.1)),
            SpanKind::Service => (self.in_flight.1, Texture::Half),
            SpanKind::Work => (self.work, Texture::Solid),
            SpanKind::Switch => (self.yields, Texture::Dots),
            SpanKind::Down => (self.freeze, Texture::Stripes(self.track)),
            SpanKind::Queued => (self.queued, Texture::Dots),
            SpanKind::Waiting | SpanKind::Delivery => (self.waiting, Texture::Thin),
            SpanKind::Cpu | SpanKind::Turn | SpanKind::Yield => (self.cpu, Texture::Solid),
        }
    }
}

/// The opacity of a share of a column, of which all would be so opaque.
#[inline(always)]
pub fn visible(share: u8, opacity: u8) -> u8 {
    match share {
        0 => 0,
        255 => opacity,
        share => part(share, opacity).max(LEAST_OPACITY),
    }
}

/// Called for every pixel and channel.
#[inline(always)]
fn part(a: u8, b: u8) -> u8 {
    ((u32::from(a) * u32::from(b) + 127) / 255) as u8
}

/// A colour, as opaque as that, over another.
#[inline(always)]
pub fn mix(under: Colour, over: Colour, opacity: u8) -> Colour {
    match (opacity, under[3]) {
        (0, _) => under,
        (255, _) => over,
        (_, 0) => [over[0], over[1], over[2], opacity],
        _ => {
            let rest = 255 - opacity;
            [
                part(over[0], opacity) + part(under[0], rest),
                part(over[1], opacity) + part(under[1], rest),
                part(over[2], opacity) + part(under[2], rest),
                opacity + part(under[3], rest),
            ]
        }
    }
}
