//! In how many passes a JPEG file is written: a progressive one draws the whole image again and again, and a small file
//! can have a great many of them.

const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// How many scans a JPEG file has; none in anything else.
pub(super) fn count(file: &[u8]) -> u64 {
    let mut scans = 0;
    let mut rest = file.strip_prefix(b"\xff\xd8").unwrap_or_default();
    while let Some((marker, behind)) = next_marker(rest) {
        rest = match marker {
            END => return scans,
            // They stand alone; others say how long they are.
            0x01 | 0xd0..=0xd8 => behind,
            _ => {
                let length = behind
                    .first_chunk()
                    .map_or(0, |length| u16::from_be_bytes(*length));
                behind.get(usize::from(length)..).unwrap_or_default()
            }
        };
        if marker == START_OF_SCAN {
            scans += 1;
        }
    }
    scans
}

/// The next marker, and what stands behind it. In the data of a scan 0xff is followed by 0.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let place = bytes
        .windows(2)
        .position(|two| two[0] == 0xff && !matches!(two[1], 0 | 0xff))?;
    Some((bytes[place + 1], &bytes[place + 2..]))
}
