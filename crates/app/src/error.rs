//! What can go wrong with a verb, named by meaning; each surface has its own words for it.

/// The result of a verb.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a verb was not carried out. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The thing is not there, or not for this person to see.
    #[error("no {0} matches")]
    NotFound(&'static str),
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Some fields are wrong.
    #[error("{}", describe(.0))]
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
    /// A request was repeated that had created a client, which was changed since and is not for whoever
    /// asks to see any more.
    #[error("the client was created before, and is somebody else's by now")]
    NotTheirsAnyMore,
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
    /// A mail was not sent.
    #[error(transparent)]
    Mail(#[from] crate::MailError),
    /// The request cannot be carried out as things are; a sentence that says what to do.
    #[error("{0}")]
    Refused(String),
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
    /// The same for whoever asked at the same time; see [`tawzi_store::Error::for_others`].
    pub(crate) fn for_others(&self) -> Option<Self> {
        match self {
            Self::Store(error) => error.for_others().map(Self::Store),
            _ => None,
        }
    }

    /// A field is wrong, and nothing else.
    pub(crate) fn of_field(field: Field, problem: Problem) -> Self {
        Self::Invalid(vec![FieldProblem { field, problem }])
    }
}

/// Why a person may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Their company has no active subscription.
    #[error("the company has no active subscription")]
    NoSubscription,
    /// They are not an administrator of the company.
    #[error("only an administrator of the company may do this")]
    NotAdmin,
    /// They belong to no company.
    #[error("only a person of a company can do this")]
    NoCompany,
    /// They are a key, and this is for people.
    #[error("an API key cannot do this; a person has to sign in for it")]
    NoPerson,
}

/// A field of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The company.
    Company,
    /// The client.
    Client,
    /// The channel.
    CommunicationWay,
    /// The status.
    Status,
    /// The stage of an activity.
    Stage,
    /// Who receives the client.
    AssignedTo,
    /// The name somebody signs in with.
    Username,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// What somebody may do.
    Role,
    /// Whether somebody may work.
    IsActive,
    /// A password.
    Password,
    /// The company somebody is to belong to.
    CompanyId,
    /// A company's domain.
    Domain,
    /// Who owns a company.
    Owner,
}

impl Field {
    /// Its name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Client => "client",
            Self::CommunicationWay => "communication_way",
            Self::Status => "status",
            Self::Stage => "stage",
            Self::AssignedTo => "assigned_to",
            Self::Username => "username",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Role => "role",
            Self::IsActive => "is_active",
            Self::Password => "password",
            Self::CompanyId => "company_id",
            Self::Domain => "domain",
            Self::Owner => "owner",
        }
    }
}

/// What is wrong with a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing that may be referred to has that id.
    NoSuchId(i64),
    /// It belongs to another company.
    OtherCompany,
    /// Somebody else has it.
    Taken,
    /// It cannot become that; a sentence that says why.
    Refused(&'static str),
}

/// A field and what is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Which field.
    pub field: Field,
    /// What is wrong.
    pub problem: Problem,
}

fn describe(problems: &[FieldProblem]) -> String {
    let sentences: Vec<_> = problems
        .iter()
        .map(|FieldProblem { field, problem }| match problem {
            Problem::NoSuchId(id) => format!("{}: there is no {id}", field.name()),
            Problem::OtherCompany => format!("{}: belongs to another company", field.name()),
            Problem::Taken => format!("{}: somebody else has it", field.name()),
            Problem::Refused(sentence) => format!("{}: {sentence}", field.name()),
        })
        .collect();
    sentences.join("; ")
}

/// The error and what caused it, in one sentence, for a record that somebody reads later.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        sentence.push_str(": ");
        sentence.push_str(&cause.to_string());
        source = cause.source();
    }
    sentence
}
