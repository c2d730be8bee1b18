//! A mail server that keeps what it is given, or refuses it: as much of SMTP as a sender needs.

use mailparse::{MailHeaderMap as _, ParsedMail};
use std::io::{BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server says to a recipient's address.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    Takes,
    Says(&'static str),
}

pub(crate) struct MailServer {
    url: String,
    mails: Arc<Mutex<Vec<String>>>,
}

/// A mail, decoded.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl MailServer {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A sender that breaks off is its own affair.
                drop(serve(&stream.unwrap(), manner, &kept));
            }
        });
        Self { url, mails }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What was received so far, the oldest first.
    pub(crate) fn received(&self) -> Vec<Received> {
        let mails = self.mails.lock().unwrap();
        mails.iter().map(|text| decode(text)).collect()
    }
}

fn serve(stream: &TcpStream, manner: Manner, mails: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let say = |text: &str| {
        let mut stream = stream;
        write!(stream, "{text}\r\n")
    };
    say("220 ready")?;
    while let Some(line) = lines.next().transpose()? {
        match line.get(..4).unwrap_or_default() {
            "RCPT" => say(match manner {
                Manner::Takes => "250 ok",
                Manner::Says(refusal) => refusal,
            })?,
            "DATA" => {
                say("354 go on")?;
                let mut mail = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    mail += line.strip_prefix('.').unwrap_or(&line);
                    mail += "\r\n";
                }
                mails.lock().unwrap().push(mail);
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok")?,
        }
    }
    Ok(())
}

fn decode(text: &str) -> Received {
    let mail: ParsedMail<'_> = mailparse::parse_mail(text.as_bytes()).unwrap();
    let header = |name| mail.headers.get_first_value(name).unwrap_or_default();
    Received {
        from: header("From"),
        to: header("To"),
        subject: header("Subject"),
        body: mail.get_body().unwrap().replace("\r\n", "\n"),
    }
}
