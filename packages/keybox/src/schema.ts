import type { PartName, SqlStatement } from './ports.ts';
import { searchSchema } from './search/index-schema.ts';

/**
 * Tables of a new vault, per part. `keys` is where transactions happen; `contacts` and `history` are projections that
 * can be replayed from it.
 */
export const schema: Readonly<Record<PartName, readonly SqlStatement[]>> = {
  keys: [
    'CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)',
    'CREATE TABLE chain (fingerprint BLOB NOT NULL, address TEXT NOT NULL, seq INTEGER NOT NULL, envelope BLOB NOT NULL, PRIMARY KEY (fingerprint, seq))',
    'CREATE TABLE head (kind TEXT NOT NULL, id BLOB NOT NULL, length INTEGER NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, incarnation INTEGER NOT NULL, signature BLOB NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (kind, id))',
    'CREATE TABLE evidence (at INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL, code TEXT NOT NULL, content BLOB NOT NULL)',
    'CREATE TABLE room (id BLOB PRIMARY KEY, type TEXT NOT NULL, state BLOB NOT NULL, adder BLOB, hidden INTEGER NOT NULL DEFAULT 0, own_seq INTEGER NOT NULL DEFAULT 0, own_prev BLOB NOT NULL, stopped TEXT)',
    'CREATE TABLE log (room BLOB NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, signed_hash BLOB NOT NULL, author BLOB, device BLOB, seq INTEGER, code TEXT, PRIMARY KEY (room, n))',
    'CREATE INDEX log_device ON log (room, device, seq)',
    'CREATE TABLE ahead (room BLOB PRIMARY KEY, length INTEGER NOT NULL, hash BLOB NOT NULL, state BLOB NOT NULL, floor INTEGER NOT NULL, at INTEGER NOT NULL, is_new INTEGER NOT NULL, is_void INTEGER NOT NULL)',
    'CREATE TABLE room_change (room BLOB NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, author BLOB NOT NULL, subject BLOB, role TEXT, era INTEGER, PRIMARY KEY (room, n))',
    'CREATE TABLE skeleton (room BLOB NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, statements BLOB NOT NULL, PRIMARY KEY (room, n))',
    'CREATE TABLE unopened (room BLOB NOT NULL, n INTEGER NOT NULL, era INTEGER NOT NULL, role TEXT NOT NULL, class TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (room, n))',
    'CREATE TABLE era_secret (room BLOB NOT NULL, era INTEGER NOT NULL, secret BLOB NOT NULL, PRIMARY KEY (room, era))',
    'CREATE TABLE key_request (room BLOB NOT NULL, id BLOB NOT NULL, era INTEGER NOT NULL, n INTEGER NOT NULL, author BLOB NOT NULL, device BLOB NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (room, id, era))',
    'CREATE TABLE audit (room BLOB PRIMARY KEY, state BLOB, code TEXT, at INTEGER NOT NULL)',
    'CREATE TABLE inbox (position INTEGER PRIMARY KEY AUTOINCREMENT, room BLOB NOT NULL, n INTEGER, item BLOB NOT NULL)',
    'CREATE TABLE outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, room BLOB NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, seq INTEGER, era INTEGER, hash BLOB, submission BLOB, body BLOB NOT NULL, at INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0, code TEXT)',
    // As in the outbox: what the server acknowledged and this device has not read in the log yet.
    'CREATE TABLE sent (position INTEGER PRIMARY KEY, room BLOB NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, seq INTEGER, era INTEGER, hash BLOB, submission BLOB, body BLOB NOT NULL, at INTEGER NOT NULL, not_before INTEGER NOT NULL DEFAULT 0, code TEXT)',
    'CREATE TABLE intention (position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, key TEXT, at INTEGER NOT NULL, code TEXT)',
    'CREATE TABLE send_key (room BLOB NOT NULL, key TEXT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (room, key))',
    'CREATE TABLE transfer (id BLOB PRIMARY KEY, kind TEXT NOT NULL, room BLOB NOT NULL, record BLOB NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, size_bytes INTEGER NOT NULL, done_bytes INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL, state BLOB NOT NULL)',
    'CREATE TABLE transfer_chunk (transfer BLOB NOT NULL, stream BLOB NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (transfer, stream, n)) WITHOUT ROWID',
    'CREATE TABLE original (room BLOB NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, entry BLOB NOT NULL, body BLOB, own BLOB, PRIMARY KEY (room, n))',
    'CREATE INDEX original_at ON original (at)',
    'CREATE TABLE seals (room BLOB NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (room, hash))',
    'CREATE TABLE checkpoint (incarnation INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, vrf BLOB, checked INTEGER NOT NULL, seen_at INTEGER NOT NULL)',
    'CREATE TABLE log_entry (account BLOB PRIMARY KEY, incarnation INTEGER NOT NULL, size INTEGER NOT NULL, state TEXT NOT NULL, length INTEGER NOT NULL, at INTEGER NOT NULL, pending_since INTEGER)',
    'CREATE TABLE heard (device BLOB PRIMARY KEY, who TEXT NOT NULL, incarnation INTEGER NOT NULL, size INTEGER NOT NULL, note BLOB NOT NULL, compared_at INTEGER)',
    'CREATE TABLE call_seen (call BLOB PRIMARY KEY, address TEXT NOT NULL, direction TEXT NOT NULL, started_at INTEGER NOT NULL, answered_at INTEGER, ended_at INTEGER, outcome TEXT)',
    'CREATE TABLE retained_secret (account BLOB NOT NULL, zid BLOB NOT NULL, rs1 BLOB NOT NULL, rs2 BLOB, verified INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, zid))',
    'CREATE TABLE key_log (position INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, entry BLOB NOT NULL, code TEXT, device BLOB, origin BLOB UNIQUE)',
  ].map((sql) => ({ sql })),
  contacts: [
    'CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)',
    "CREATE TABLE contact (address TEXT PRIMARY KEY, fingerprint BLOB, chain_length INTEGER, chain_hash BLOB, state TEXT NOT NULL, verified INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '')",
    "CREATE TABLE profile (fingerprint BLOB PRIMARY KEY, version INTEGER NOT NULL DEFAULT 0, name TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', picture BLOB, checked_at INTEGER NOT NULL)",
    'CREATE TABLE profile_holder (fingerprint BLOB PRIMARY KEY, key_id BLOB NOT NULL, generation INTEGER NOT NULL)',
  ].map((sql) => ({ sql })),
  history: [
    'CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)',
    'CREATE TABLE room_profile (room BLOB NOT NULL, author BLOB NOT NULL, name TEXT, n INTEGER NOT NULL, PRIMARY KEY (room, author))',
    'CREATE TABLE room_name (room BLOB PRIMARY KEY, name TEXT NOT NULL, topic TEXT NOT NULL, n INTEGER NOT NULL)',
    'CREATE TABLE message (doc INTEGER PRIMARY KEY, room BLOB NOT NULL, id BLOB NOT NULL, n INTEGER, author BLOB NOT NULL, device BLOB NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, code TEXT, position INTEGER NOT NULL, news INTEGER NOT NULL DEFAULT 1, reply_to BLOB, thread BLOB, mentions BLOB, mentions_me INTEGER NOT NULL DEFAULT 0, forwarded INTEGER NOT NULL DEFAULT 0, own INTEGER NOT NULL, UNIQUE (room, id))',
    'CREATE INDEX message_n ON message (room, n)',
    // What is unread is found without passing what the account wrote itself.
    'CREATE INDEX message_theirs ON message (room, n) WHERE own = 0',
    'CREATE INDEX message_position ON message (position)',
    'CREATE INDEX message_at ON message (room, at, n)',
    'CREATE INDEX message_thread ON message (room, thread, n) WHERE thread IS NOT NULL',
    'CREATE INDEX message_mention ON message (room, n) WHERE mentions_me = 1',
    'CREATE TABLE file (doc INTEGER PRIMARY KEY, room BLOB NOT NULL, id BLOB NOT NULL, n INTEGER, root BLOB NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, size_bytes INTEGER NOT NULL, content_hash BLOB NOT NULL, blob_hash BLOB NOT NULL, blob_key BLOB NOT NULL, version INTEGER NOT NULL, voice BLOB, UNIQUE (room, id))',
    'CREATE INDEX file_root ON file (room, root)',
    'CREATE TABLE call (room BLOB NOT NULL, call BLOB NOT NULL, author BLOB NOT NULL, n INTEGER, started_at INTEGER NOT NULL, answered_at INTEGER, ended_at INTEGER NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (room, call))',
    'CREATE TABLE reaction (room BLOB NOT NULL, record BLOB NOT NULL, author BLOB NOT NULL, id BLOB, text TEXT NOT NULL, taken INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (room, record, author))',
    'CREATE INDEX reaction_id ON reaction (room, id)',
    'CREATE TABLE room_mark (room BLOB PRIMARY KEY, length INTEGER NOT NULL, hash BLOB NOT NULL)',
    'CREATE TABLE room_setting (room BLOB NOT NULL, mark TEXT NOT NULL, is_set INTEGER NOT NULL, until INTEGER, id BLOB NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (room, mark))',
    'CREATE TABLE draft (room BLOB PRIMARY KEY, text TEXT NOT NULL, reply_to BLOB, at INTEGER NOT NULL, id BLOB NOT NULL, n INTEGER NOT NULL)',
    'CREATE TABLE receipt (room BLOB NOT NULL, author BLOB NOT NULL, delivered INTEGER NOT NULL, read INTEGER NOT NULL, PRIMARY KEY (room, author))',
    ...searchSchema,
  ].map((sql) => ({ sql })),
};
