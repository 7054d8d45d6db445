// Where a phone keeps what the box has not answered: one IndexedDB with the intents, and a few
// words of the person on duty. Deleted as a whole when the device is revoked.

const NAME = "hadir-desk";
const INTENTS = "intents";
const NOTES = "notes";

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(factory) {
  const request = factory.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(INTENTS, { keyPath: "nonce" });
    request.result.createObjectStore(NOTES, { keyPath: "name" });
  };
  return promised(request);
}

/** A transaction that is done when the disk has it. */
async function change(database, name, work) {
  const transaction = database.transaction(name, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
  work(transaction.objectStore(name));
  await done;
}

/** The store; without IndexedDB (a private window, say) each method rejects or is empty. */
export async function openStore(factory = globalThis.indexedDB) {
  const database = await open(factory);
  // Another page of the same phone wipes: it must not wait for this one.
  database.onversionchange = () => database.close();
  return {
    put: (entry) => change(database, INTENTS, (store) => store.put(entry)),
    remove: (nonce) => change(database, INTENTS, (store) => store.delete(nonce)),
    all: () => promised(database.transaction(INTENTS).objectStore(INTENTS).getAll()),
    note: async (name) =>
      (await promised(database.transaction(NOTES).objectStore(NOTES).get(name)))?.value,
    setNote: (name, value) => change(database, NOTES, (store) => store.put({ name, value })),
    wipe: async () => {
      database.close();
      await promised(factory.deleteDatabase(NAME));
    },
  };
}

/** The store that an earlier visit left; null: there is none, and none is made. */
export async function storeLeft(factory = globalThis.indexedDB) {
  const all = await factory.databases?.();
  if (all && !all.some(({ name }) => name === NAME)) return null;
  return openStore(factory);
}

/** Stands in where nothing can be kept: says so at each attempt. */
export function noStore() {
  const refuse = async () => {
    throw new Error("this browser keeps nothing");
  };
  return {
    put: refuse,
    remove: async () => {},
    all: async () => [],
    note: async () => undefined,
    setNote: refuse,
    wipe: async () => {},
  };
}
