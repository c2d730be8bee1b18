//! How many photos and other files may be on their way to this process, or from it, at the same moment.

use crate::error::Result;
use crate::room::{Full, Place, Room};
use tawzi_core::id::{CompanyId, UserId};

/// How many photos are on their way at a time, each with all its bytes in memory, and how many of them can be one person's.
const MOST_UPLOADS: usize = 16;
const UPLOADS_OF_PERSON: usize = 2;

/// How many can be of one company's people.
const UPLOADS_OF_COMPANY: usize = 6;

/// As many photos a file of clients stands for, by its bytes, as long as it is imported.
const PHOTOS_OF_FILE: usize = 3;

/// How many such files are imported at a time, so that those who work meanwhile wait for few steps of them. A company has
/// one: its steps would wait for each other.
const MOST_FILES: usize = 3;

/// How many exports are under way at a time: half of the connections that read lists.
const MOST_EXPORTS: usize = 4;

/// The exports of this process that are under way, one of a company at a time.
#[derive(Debug)]
pub(crate) struct Exports(Room<CompanyId>);

impl Exports {
    pub(crate) fn new() -> Self {
        Self(Room::new(MOST_EXPORTS, 1))
    }

    /// Lets an export of a company begin. `Err` at once when one is under way, or too many are at all.
    pub(crate) fn begin(&self, company: CompanyId) -> Result<Place<CompanyId>, Full> {
        self.0.take(Some(company), 1)
    }
}

/// Photos and files on their way in this process.
#[derive(Debug)]
pub(crate) struct Uploads {
    of_people: Room<UserId>,
    of_companies: Room<CompanyId>,
    files: Room<CompanyId>,
}

/// A photo on its way, until it is dropped.
#[derive(Debug)]
pub struct Upload {
    _of_person: Place<UserId>,
    _of_company: Place<CompanyId>,
}

/// A file of clients on its way, and while it is imported, until it is dropped.
#[derive(Debug)]
pub struct FileUpload {
    _bytes: Place<CompanyId>,
    _file: Place<CompanyId>,
}

impl Uploads {
    pub(crate) fn new() -> Self {
        Self {
            of_people: Room::new(MOST_UPLOADS, UPLOADS_OF_PERSON),
            of_companies: Room::new(MOST_UPLOADS, UPLOADS_OF_COMPANY),
            files: Room::new(MOST_FILES, 1),
        }
    }

    /// Lets a file of clients come in. `Err` at once when too many are on their way, of that company or at all.
    pub(crate) fn begin_file(&self, company: CompanyId) -> Result<FileUpload, Full> {
        Ok(FileUpload {
            _file: self.files.take(Some(company), 1)?,
            _bytes: self.of_companies.take(Some(company), PHOTOS_OF_FILE)?,
        })
    }

    /// Lets a photo come in. `Err` at once when too many are on their way, of that person, of their company or at all.
    pub(crate) fn begin(
        &self,
        person: Option<UserId>,
        company: Option<CompanyId>,
    ) -> Result<Upload> {
        Ok(Upload {
            _of_person: self.of_people.take(person, 1)?,
            _of_company: self.of_companies.take(company, 1)?,
        })
    }
}
