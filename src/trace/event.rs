//! What happens in an execution: objects, and events on them.

use serde::{Deserialize, Serialize};
use std::panic::Location;

/// What kind of thing an event is.
///
/// What a thread does to a lock, in the order in which it is recorded:
/// ```
/// use pagelock::engine::{Encoding, Function, World, replay};
/// use pagelock::trace::EventKind;
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("spin_lock", "include/linux/spinlock.h");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let lock = world.lock("req_lock", "req_lock", 0_u8);
///     world.thread("one", move |task| {
///         let mut count = task.acquire(&lock, LOCK)?;
///         count.update(|count| *count += 1);
///         Ok(())
///     });
/// });
/// let kinds: Vec<_> = replay(&model, &[]).unwrap().events.iter().map(|event| event.kind).collect();
/// assert_eq!(kinds, [EventKind::Acquire, EventKind::Update, EventKind::Drop]);
/// assert_eq!(serde_json::to_string(&EventKind::Drop).unwrap(), "\"drop\"");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A lock was taken.
    Acquire,
    /// A lock was given up.
    Release,
    /// What a lock protects was changed, by the thread that holds it.
    Update,
    /// An atomic step on an object.
    Step,
    /// The thread cannot go on for now.
    Wait,
    /// A lock was given up under no name of its own, as semaphores and spinlocks are. Nobody reads of it
    /// but who wants to know at any time who holds what.
    Drop,
}

/// A place in the source of an encoding.
///
/// Where the model of a shipped spec takes the lock of a page:
/// ```
/// use pagelock::engine::replay;
/// use pagelock::protocols;
/// use pagelock::trace::Source;
/// use std::panic::Location;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let encoding = spec.encoding(spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let events = replay(&encoding, &[]).unwrap().events;
/// let locks = events.iter().find(|event| event.function == "lock_page").unwrap();
/// assert_eq!(locks.model.as_ref().unwrap().file, "src/kernel/writeback.rs");
///
/// let here = Location::caller();
/// assert_eq!(Source::from(here).line, here.line());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Source {
    /// The file, as the compiler was given it: relative to the root of the package.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl From<&Location<'_>> for Source {
    fn from(location: &Location<'_>) -> Self {
        // Where the crate is built as a dependency, the compiler is given a path of that machine.
        let file = location.file().replace('\\', "/");
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
        Self {
            file: file.strip_prefix(root).unwrap_or(&file).to_string(),
            line: location.line(),
        }
    }
}

/// A shared object as an execution finds it.
///
/// The objects of a model, before anything happens:
/// ```
/// use pagelock::engine::{Encoding, World, replay};
/// use std::sync::Arc;
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let _lock = world.lock("page 0 lock", "page lock", ());
///     let _size = world.cell("i_size", 4096);
///     world.thread("one", |_| Ok(()));
/// });
/// let objects = replay(&model, &[]).unwrap().objects;
/// assert_eq!((&*objects[0].name, &*objects[0].class), ("page 0 lock", "page lock"));
/// assert_eq!((&*objects[1].class, &*objects[1].value), ("", "4096"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Object {
    /// The name that it is made under.
    pub name: String,
    /// The object's class in the lock order; empty for an object that is not held.
    pub class: String,
    /// What it holds before anything happens; of a lock, what that protects.
    pub value: String,
}

/// What a thread waits for.
///
/// Who waits for whom where an execution of the old ext4 ends:
/// ```
/// use pagelock::engine::{endings, replay};
/// use pagelock::protocols;
/// use pagelock::trace::Wait;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let encoding = spec.encoding(spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let mut waits: Vec<Wait> = Vec::new();
/// for schedule in endings(&encoding).unwrap() {
///     let events = replay(&encoding, &schedule).unwrap().events;
///     waits.extend(events.into_iter().filter_map(|event| event.waits_for));
/// }
/// let wait = |what: &str, thread: &str| Wait { what: what.into(), held_by: Some(thread.into()) };
/// assert!(waits.contains(&wait("page 0 lock", "flusher")));
/// assert!(waits.contains(&wait("commit of T1", "kjournald2")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Wait {
    /// A lock's name, or an event.
    pub what: String,
    /// The thread that holds it or has to bring it about, if there is exactly one.
    pub held_by: Option<String>,
}

/// One event of an execution.
///
/// ```
/// use pagelock::{protocols, spec};
/// use pagelock::trace::EventKind;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
/// let locks = trace.events.iter().find(|event| event.function == "lock_page").unwrap();
/// assert_eq!((locks.operation, locks.kind), (Some(2), EventKind::Acquire));
/// assert_eq!((&*locks.file, &*locks.commit), ("mm/filemap.c", "61628a3f3a37^"));
/// assert_eq!(locks.callers.last().unwrap(), "write_cache_pages");
/// assert_eq!(locks.holds, ["page 0 lock"]);
/// let cleans = trace.events.iter().find(|event| event.change.is_some()).unwrap();
/// assert_eq!(cleans.change, Some(("dirty".to_string(), "clean".to_string())));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Event {
    /// The operation's number in the schedule, from 1. Releases, updates and waits are not
    /// operations: no other thread can come between them and what goes before.
    pub operation: Option<usize>,
    /// The thread.
    pub thread: String,
    /// What happened.
    pub kind: EventKind,
    /// The function that the event mirrors.
    pub function: String,
    /// The file that the function stands in.
    pub file: String,
    /// The commit whose tree the function is mirrored from; a `^` is its parent.
    pub commit: String,
    /// Where in the encoding the operation stands. An update, a release and a drop have that of the
    /// thread's last operation.
    pub model: Option<Source>,
    /// The functions that called it, outermost first.
    pub callers: Vec<String>,
    /// The object touched.
    pub object: Option<String>,
    /// Its place among the objects of the record.
    pub object_index: Option<usize>,
    /// The object's class in the lock order; empty for an object that is not held.
    pub class: Option<String>,
    /// The object before and after, if a step or an update changed it.
    pub change: Option<(String, String)>,
    /// For a wait, what for.
    pub waits_for: Option<Wait>,
    /// What the thread holds after the event, in the order in which it was taken.
    pub holds: Vec<String>,
}
