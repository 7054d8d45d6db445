//! HTTP, TLS, mail, names on the local network. Nothing leaves the process.

use crate::Outcome;
use http_body_util::{BodyExt, Full};
use std::sync::Arc;

fn run(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(work)
}

pub fn http() -> Outcome {
    run(async {
        let (near, far) = tokio::io::duplex(4096);
        let answer = hyper::service::service_fn(|_request| async {
            let body = Full::new(bytes::Bytes::from_static(b"ok"));
            Ok::<_, std::convert::Infallible>(http::Response::new(body))
        });
        let server = hyper::server::conn::http1::Builder::new()
            .timer(hyper_util::rt::TokioTimer::new())
            .serve_connection(hyper_util::rt::TokioIo::new(far), answer);
        tokio::spawn(server);
        let near = hyper_util::rt::TokioIo::new(near);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(near).await?;
        tokio::spawn(connection);
        let request = http::Request::get("/health").body(Full::new(bytes::Bytes::new()))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(format!("{status}, {} bytes", body.len()))
    })
}

pub fn tls() -> Outcome {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_rustls::rustls;
    run(async {
        let own = rcgen::generate_simple_self_signed(["hadir.local".to_owned()])?;
        let key = rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)?;
        let mut roots = rustls::RootCertStore::empty();
        roots.add(own.cert.der().clone())?;
        let client = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (near, far) = tokio::io::duplex(16 * 1024);
        let accept = tokio::spawn(async move {
            let mut stream = tokio_rustls::TlsAcceptor::from(Arc::new(server))
                .accept(far)
                .await?;
            stream.write_all(b"hello").await?;
            stream.shutdown().await
        });
        let name = rustls::pki_types::ServerName::try_from("hadir.local")?;
        let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
        let mut stream = connector.connect(name, near).await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        accept.await??;
        let version = stream.get_ref().1.protocol_version();
        Ok(format!("{text} over {version:?}"))
    })
}

pub fn handed_over() -> Outcome {
    let given = listenfd::ListenFd::from_env();
    Ok(format!("{} sockets handed over", given.len()))
}

pub fn mail_and_names() -> Outcome {
    use lettre::AsyncTransport;
    run(async {
        let letter = lettre::Message::builder()
            .from("hadir@example.org".parse()?)
            .to("siti@example.org".parse()?)
            .subject("Undangan")
            .body("Selamat datang".to_owned())?;
        // Port 9 of this machine answers to nobody: the whole transport is linked, and
        // nothing is sent.
        let relay = lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::relay("127.0.0.1")?
            .port(9)
            .build();
        let refused = relay.send(letter).await.is_err();
        let service = mdns_sd::ServiceInfo::new(
            "_http._tcp.local.",
            "hadir",
            "hadir.local.",
            "127.0.0.1",
            8080,
            None,
        )?;
        // A machine without multicast is no failure here.
        let announced = match mdns_sd::ServiceDaemon::new() {
            Ok(daemon) => {
                let announced = daemon.set_multicast_loop_v4(false).is_ok();
                daemon.shutdown()?;
                announced
            }
            Err(_) => false,
        };
        match refused {
            true => Ok(format!(
                "mail refused, {}, daemon: {announced}",
                service.get_fullname()
            )),
            false => Err("something took a mail on port 9".into()),
        }
    })
}
