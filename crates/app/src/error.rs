//! What can go wrong with a verb, as data: each surface has its own words for it. What stands here in plain
//! English is for logs, and for the command line.

mod problem;

pub use problem::{FieldProblem, Problem, Submitted};

use crate::room::Full;
use std::iter::successors;

/// The result of a verb, or of what fails in its own way.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a verb was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The thing is not there, or not for this person to see.
    #[error("no {0} matches")]
    NotFound(Thing),
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Some fields are wrong.
    #[error("{}", problem::describe(.0))]
    Invalid(Vec<FieldProblem>),
    /// The phone number is another client's already, and the company wants each to be one
    /// client's only.
    #[error("a client with the phone number {number} already exists: {client}")]
    PhoneTaken {
        /// The number, as it was sent.
        number: String,
        /// The client that has it.
        client: tawzi_core::id::ClientId,
    },
    /// A request was repeated that had created a client or an activity, which was changed since and is not for
    /// whoever asks to see any more.
    #[error("it was created before, and is somebody else's by now")]
    NotTheirsAnyMore,
    /// The key by which repetitions are to be recognised was used for something else.
    #[error("the key was used for another request")]
    KeyUsedBefore,
    /// The company has another one of that name.
    #[error("the company has another one of that name")]
    NameTaken,
    /// The credentials are wrong, or their owner may not sign in.
    #[error("no active account found with the given credentials")]
    BadCredentials,
    /// The token is wrong; see [`crate::BadToken`].
    #[error(transparent)]
    BadToken(#[from] crate::BadToken),
    /// Somebody gets no code, or cannot sign in with one.
    #[error(transparent)]
    Code(#[from] crate::CodeRefusal),
    /// A code from a mail is not accepted.
    #[error(transparent)]
    BadMailCode(#[from] crate::BadMailCode),
    /// A mail was not sent.
    #[error(transparent)]
    Mail(#[from] crate::MailError),
    /// The request cannot be carried out as things are.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The request waited for so long that it was given up.
    #[error("the request took too long; try again in a moment")]
    TookTooLong,
    /// Too many wait already for what takes long.
    #[error("too many are waiting already; try again in a moment")]
    QueueFull,
    /// So much is under way that this was not begun.
    #[error("{0}; try again in a moment")]
    Full(#[from] Full),
    /// The server is stopping.
    #[error("the server is stopping; try again in a moment")]
    Stopping,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] tawzi_store::Error),
    /// A computation that should always work did not.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The error that whoever asked in the same batch gets, if it is theirs too; see [`tawzi_store::Error::for_others`].
    pub(crate) fn for_others(&self) -> Option<Self> {
        match self {
            Self::Store(error) => error.for_others().map(Self::Store),
            _ => None,
        }
    }

    /// A field is wrong, and nothing else.
    pub(crate) fn of_field(field: &'static str, problem: Problem) -> Self {
        Self::Invalid(vec![FieldProblem { field, problem }])
    }
}

impl From<Thing> for Error {
    fn from(thing: Thing) -> Self {
        Self::NotFound(thing)
    }
}

/// What may not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum Thing {
    #[error("API key")]
    ApiKey,
    #[error("channel")]
    Channel,
    #[error("client")]
    Client,
    #[error("client event")]
    ClientEvent,
    #[error("client task")]
    ClientTask,
    #[error("company")]
    Company,
    #[error("page")]
    Page,
    #[error("photo")]
    Photo,
    #[error("stage")]
    Stage,
    #[error("status")]
    Status,
    #[error("sweep")]
    Sweep,
    #[error("user")]
    User,
}

/// Why a request cannot be carried out as things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum Refusal {
    /// One's own password is changed another way: by whoever knows the current one.
    #[error("a user changes their own password with the current one")]
    OwnPassword,
    #[error("nobody can change their own role")]
    OwnRole,
    #[error("the owner of a company stays its administrator; hand the company over first")]
    OwnerStaysAdmin,
    #[error("nobody but the owner of a company changes the owner")]
    ChangesOwner,
    #[error("nobody can deactivate themselves")]
    DeactivatesSelf,
    #[error("the owner of a company cannot be deactivated")]
    DeactivatesOwner,
    /// Administrators become employees first.
    #[error("only employees can be deactivated")]
    DeactivatesAdmin,
    #[error("nobody can delete themselves; ask another administrator")]
    DeletesSelf,
    #[error("the owner of a company cannot be deleted; make somebody else the owner first")]
    DeletesOwner,
    #[error("enough mails were sent today; use the code from the last one, or try again tomorrow")]
    TooManyMails,
    #[error(
        "names, addresses and numbers of others were asked for too often; try again in ten minutes"
    )]
    TooManyNames,
    #[error("it is not the person's own e-mail address")]
    NotOwnEmail,
    #[error("a new user needs a password")]
    NewUserWithoutPassword,
    #[error("this user stands in the records of another company; deactivate them")]
    UserInOtherRecords,
    #[error(
        "somebody of this company stands in the records of another one, so it cannot be deleted"
    )]
    CompanyInOtherRecords,
    /// A company has its users afterwards.
    #[error("create the company first, then an administrator, who becomes its owner")]
    OwnerOfNewCompany,
    #[error("re-assignment is switched off for the company; switch it on first")]
    ReAssignOff,
    #[error("a company can have {most} API keys; revoke one that is not needed any more")]
    TooManyApiKeys {
        /// How many there can be.
        most: i64,
    },
    #[error(
        "--demo fills an empty database, and this one holds companies; name a new one with \
         --database sqlite://demo.db, or leave --demo out"
    )]
    DemoNeedsEmptyDatabase,
}

/// Why a person may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each says what it is")]
pub enum Denied {
    #[error("the company has no active subscription")]
    NoSubscription,
    #[error("only an administrator of the company may do this")]
    NotAdmin,
    #[error("only a person of a company can do this")]
    NoCompany,
    #[error("an API key cannot do this; a person has to sign in for it")]
    NoPerson,
}

/// `Err(otherwise)` unless it holds, for verbs that stop at the first thing that is not as it must be.
pub(crate) fn require(holds: bool, otherwise: impl Into<Error>) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// The error and what caused it, in one sentence, for a record that somebody reads later.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let sentences = successors(Some(error), |error| error.source()).map(ToString::to_string);
    sentences.collect::<Vec<_>>().join(": ")
}
