//! The inference threads: a bounded number, fed from a bounded queue, and not to be killed by any
//! picture.
//!
//! The surface hands pictures to an [`Engine`] and awaits the [`Pending`] answer. A panic in
//! a decoder or a network ends that one picture; three within a minute switch faces off,
//! visibly, while codes go on.

mod analyse;
mod queue;
mod watch;

pub use analyse::{
    Analyse, Analysis, Chain, EngineError, FaceSeen, Off, Picture, StageTimes, Want,
};
pub use queue::SourceId;

use crate::base::limits;
use crate::vision::model::{ModelError, Models};
use queue::Queue;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use tokio::sync::oneshot;
use watch::Watch;

type Answer = Result<Analysis, EngineError>;

/// Whether the engine looks for faces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineState {
    /// It does.
    On,
    /// It does not, and why. Codes are read all the same.
    Off(Off),
}

/// The answer to come. A future, or [`Pending::wait`] outside of async code.
#[derive(Debug)]
pub struct Pending(oneshot::Receiver<Answer>);

impl Pending {
    /// Blocks until the answer is there. Not to be called from async code.
    ///
    /// # Errors
    /// [`EngineError`].
    pub fn wait(self) -> Answer {
        self.0.blocking_recv().unwrap_or(Err(EngineError::Stopped))
    }
}

impl Future for Pending {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|answer| answer.unwrap_or(Err(EngineError::Stopped)))
    }
}

struct Job {
    picture: Picture,
    want: Want,
    reply: oneshot::Sender<Answer>,
}

struct Board {
    queue: Queue<Job>,
    stopping: bool,
    state: EngineState,
    panics: Panics,
}

struct Shared {
    board: Mutex<Board>,
    wake: Condvar,
    analyser: Arc<dyn Analyse>,
    watch: Watch,
}

impl Shared {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Threads {
    shared: Arc<Shared>,
    handles: Vec<JoinHandle<()>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        {
            let mut board = self.shared.board();
            board.stopping = true;
            while let Some(job) = board.queue.pop() {
                let _ = job.reply.send(Err(EngineError::Stopped));
            }
        }
        self.shared.wake.notify_all();
        for handle in self.handles.drain(..) {
            let _ = handle.join(); // panics are caught inside; there is nothing to learn here
        }
    }
}

/// The handle; clones share the threads, which end with the last clone, after their present
/// picture.
#[derive(Clone)]
pub struct Engine(Arc<Threads>);

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({:?})", self.state())
    }
}

impl Engine {
    /// Starts `threads` threads (at least one). With a [`ModelError`] the engine starts all the
    /// same, faces off for that reason.
    ///
    /// # Errors
    /// The system's, when no thread can be started.
    pub fn start(models: Result<Models, ModelError>, threads: usize) -> std::io::Result<Self> {
        match models {
            Ok(models) => Self::start_with(Arc::new(Chain(Some(models))), EngineState::On, threads),
            Err(error) => {
                // Whoever starts the box tells it, once and with what an operator looks for.
                let off = EngineState::Off(Off::Model(error));
                Self::start_with(Arc::new(Chain(None)), off, threads)
            }
        }
    }

    /// Starts with another analyser, for tests of the engine itself.
    ///
    /// # Errors
    /// As [`Engine::start`].
    pub fn start_with(
        analyser: Arc<dyn Analyse>,
        state: EngineState,
        threads: usize,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            board: Mutex::new(Board {
                queue: Queue::default(),
                stopping: false,
                state,
                panics: Panics::default(),
            }),
            wake: Condvar::new(),
            analyser,
            watch: Watch::start(),
        });
        let mut all = Threads {
            shared: Arc::clone(&shared),
            handles: Vec::new(),
        };
        for n in 0..threads.max(1) {
            let shared = Arc::clone(&shared);
            let thread = std::thread::Builder::new().name(format!("inference-{n}"));
            all.handles.push(thread.spawn(move || serve(&shared))?);
        }
        Ok(Self(Arc::new(all)))
    }

    /// Queues a picture. A frame of the same source that still waits is answered with
    /// [`EngineError::Superseded`].
    pub fn analyse(&self, source: SourceId, picture: impl Into<Picture>, want: Want) -> Pending {
        let (reply, answer) = oneshot::channel();
        let job = Job {
            picture: picture.into(),
            want,
            reply,
        };
        let shared = &self.0.shared;
        let gone = {
            let mut board = shared.board();
            if board.stopping {
                Some(job)
            } else {
                board.queue.push(source, job)
            }
        };
        if let Some(gone) = gone {
            let _ = gone.reply.send(Err(EngineError::Superseded));
        }
        shared.wake.notify_one();
        Pending(answer)
    }

    /// Whether faces are looked for.
    #[must_use]
    pub fn state(&self) -> EngineState {
        self.0.shared.board().state.clone()
    }

    /// How many pictures wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.shared.board().queue.len()
    }
}

fn serve(shared: &Shared) {
    loop {
        let (job, state) = {
            let mut board = shared.board();
            loop {
                if board.stopping {
                    return;
                }
                if let Some(job) = board.queue.pop() {
                    break (job, board.state.clone());
                }
                board = shared
                    .wake
                    .wait(board)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        };
        let answer = answer(shared, &job, state);
        let _ = job.reply.send(answer); // the asker may have gone
    }
}

fn answer(shared: &Shared, job: &Job, state: EngineState) -> Answer {
    let mut want = job.want;
    let off = match state {
        EngineState::Off(off) if want.faces => Some(off),
        EngineState::Off(_) | EngineState::On => None,
    };
    if let Some(off) = &off {
        if !want.codes {
            return Err(EngineError::Off(off.clone()));
        }
        want.faces = false;
    }
    // The analyser holds no state that a panic could leave half changed but the detector cache,
    // which is put back whole or not at all.
    let run = AssertUnwindSafe(|| shared.analyser.analyse(&job.picture, want));
    match catch_unwind(run) {
        Ok(answer) => answer.map(|analysis| Analysis {
            faces_off: off,
            ..analysis
        }),
        Err(_) => {
            count_panic(shared);
            Err(EngineError::Panicked)
        }
    }
}

fn count_panic(shared: &Shared) {
    let now_ms = shared.watch.elapsed_ms();
    let mut board = shared.board();
    let too_many = board.panics.add(now_ms);
    tracing::error!("the analysis of a picture panicked");
    if too_many && board.state == EngineState::On {
        board.state = EngineState::Off(Off::Panics);
        tracing::error!("faces are off: {}", Off::Panics);
    }
}

/// The moments of the last panics.
#[derive(Debug, Default)]
struct Panics(VecDeque<i64>);

impl Panics {
    /// Notes one; true when there were too many within the window.
    fn add(&mut self, now_ms: i64) -> bool {
        self.0.push_back(now_ms);
        self.0
            .retain(|at| now_ms - at < limits::INFERENCE_PANIC_WINDOW_MS);
        self.0.len() >= limits::INFERENCE_PANICS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_panics_within_a_minute_are_too_many() {
        let table: [(&[i64], bool); 4] = [
            (&[0, 10], false),
            (&[0, 10, 59_999], true),
            (&[0, 10, 60_000], false),
            (&[0, 30_000, 60_001, 89_999], true),
        ];
        for (moments, want) in table {
            let mut panics = Panics::default();
            let last = moments.iter().map(|at| panics.add(*at)).last();
            assert_eq!(last, Some(want), "{moments:?}");
        }
    }
}
