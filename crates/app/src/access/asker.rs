//! Who asks, where that decides whose turn it is or whose attempts are counted.

use std::net::IpAddr;
use tawzi_core::id::UserId;

/// Whoever asks for something that takes long, or that one may not try without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Somebody who has not proved who they are, by the address that stands for their line; `None` when it is not
    /// known.
    Line(Option<IpAddr>),
    /// A person who has signed in, from wherever.
    Person(UserId),
    /// Whoever runs the server.
    Operator,
}

impl Asker {
    /// The address of their line, where it is known.
    pub const fn line(self) -> Option<IpAddr> {
        match self {
            Self::Line(address) => address,
            Self::Person(_) | Self::Operator => None,
        }
    }

    /// The address of their line, as text; empty where none is known.
    pub(crate) fn address(self) -> String {
        self.line()
            .map_or_else(String::new, |line| line.to_string())
    }
}
