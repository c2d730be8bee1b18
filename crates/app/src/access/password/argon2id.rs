//! Argon2id in memory that goes back to the system with every password.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{CustomizedPasswordHasher, PasswordHasher, Result};
use argon2::{Algorithm, Argon2, Block, Error, Params, Version};

/// From 32 MiB on, the allocator of glibc maps memory by itself and unmaps it when it is freed. The 19 MiB of a
/// password it would keep, once for each thread that ever hashed one. What is not touched of it takes no room.
const MAPPED: usize = 33 * 1024 * 1024 / Block::SIZE;

/// The hasher of new passwords, and of stored ones whatever their parameters.
pub(super) struct Argon2id;

impl PasswordHasher<PasswordHash> for Argon2id {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> Result<PasswordHash> {
        self.hash_password_with_params(password, salt, Params::default())
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Argon2id {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Result<PasswordHash> {
        let algorithm = algorithm.map_or(Ok(Algorithm::Argon2id), Algorithm::try_from)?;
        let version = version.map_or(Ok(Version::V0x13), Version::try_from)?;
        let mut hash = PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(Salt::new(salt)?),
            hash: None,
        };
        let blocks = params.block_count();
        let mut memory = Vec::new();
        memory
            .try_reserve_exact(blocks.max(MAPPED))
            .map_err(|_| Error::OutOfMemory)?;
        memory.resize(blocks, Block::new());
        let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(password, salt, &mut output, memory)?;
        hash.hash = Some(Output::new(&output)?);
        Ok(hash)
    }
}
