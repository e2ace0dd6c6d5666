//! Many people at a time: each asks for a page of their own, again and again, and looks at whose it is.
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::sleep,
};

/// Somebody, and a page that only they may see.
pub struct Person {
    /// `person_` and a number, which stands in each page of theirs.
    pub username: String,
    pub cookie: String,
    pub path: String,
}

/// What came of many requests.
#[derive(Default)]
pub struct Load {
    /// How long each request took that was answered with the page.
    pub times: Vec<Duration>,
    /// Requests that were told to come back.
    pub refused: usize,
    /// What is neither: other answers, other people's pages, connections that broke.
    pub wrong: Vec<String>,
    pub took: Duration,
}
impl Load {
    /// Pages a second.
    pub fn goodput(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }
    /// The time within which 99 of 100 pages came.
    pub fn p99(&mut self) -> Duration {
        self.times.sort_unstable();
        self.times.get(self.times.len() * 99 / 100).copied().unwrap_or_default()
    }
}

/// Lets so many clients ask for so long, each from an address of its own.
pub async fn load(address: SocketAddr, people: &Arc<Vec<Person>>, clients: usize, lasts: Duration) -> Load {
    let begun = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|n| {
            let people = people.clone();
            tokio::spawn(async move {
                let mut load = Load::default();
                while begun.elapsed() < lasts {
                    let person = &people[n % people.len()];
                    ask(address, n, person, &mut load).await;
                }
                load
            })
        })
        .collect();
    let mut all = Load::default();
    for task in tasks {
        let load = task.await.unwrap();
        all.times.extend(load.times);
        all.refused += load.refused;
        all.wrong.extend(load.wrong);
    }
    all.took = begun.elapsed();
    all
}

async fn ask(address: SocketAddr, n: usize, person: &Person, load: &mut Load) {
    let begun = Instant::now();
    let answer = match exchange(address, n, person).await {
        Ok(answer) => answer,
        Err(error) => {
            load.wrong.push(error.to_string());
            return sleep(Duration::from_millis(100)).await;
        }
    };
    let took = begun.elapsed();
    match answer.get(9..12) {
        Some("200") if names(&answer).all(|name| name == person.username) && names(&answer).count() > 0 => {
            load.times.push(took);
        }
        Some("200") => {
            load.wrong.push(format!(
                "{} was shown the page of {:?}",
                person.username,
                names(&answer).collect::<Vec<_>>()
            ));
        }
        Some("503") if answer.to_ascii_lowercase().contains("\r\nretry-after:") => {
            load.refused += 1;
            // Sooner than they are told to.
            sleep(Duration::from_secs(1)).await;
        }
        status => load.wrong.push(format!("{status:?}")),
    }
}

/// The usernames in a page.
fn names(page: &str) -> impl Iterator<Item = &str> {
    page.match_indices("person_").map(|(at, _)| {
        let name = &page[at..];
        let end = name.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        &name[..end]
    })
}

async fn exchange(address: SocketAddr, n: usize, person: &Person) -> std::io::Result<String> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 2, (n / 250) as u8, (n % 250 + 1) as u8], 0)))?;
    let mut stream = socket.connect(address).await?;
    let Person { cookie, path, .. } = person;
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(64 * 1024);
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
