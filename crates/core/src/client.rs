//! What is known about a client.

/// Declares values that stand for words.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])+ $name:ident { $($(#[$variant_doc:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])+ $variant,)+ }

        impl $name {
            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value of a word; `None` when it is none of them.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
words! {
    /// How urgent a client is.
    Priority {
        /// Can wait.
        Low = "low",
        /// The usual.
        Medium = "medium",
        /// First.
        High = "high",
    }
}

words! {
    /// Where a client stands in its life.
    ClientType {
        /// New.
        Fresh = "fresh",
        /// Known for long.
        Cold = "cold",
    }
}

words! {
    /// What kind of phone a number belongs to.
    PhoneType {
        /// A mobile phone.
        Mobile = "mobile",
        /// At home.
        Home = "home",
        /// At work.
        Work = "work",
        /// Anything else.
        Other = "other",
    }
}
