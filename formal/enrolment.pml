/*
 * Enrolment and endorsement: which devices a reader of an account's sigchain believes in.
 * The server is the intruder. It orders what it likes, shows what it likes, certifies what it likes, has a device I of
 * its own, steals D2 once that was admitted (unless NO_THEFT), and gets D1 to sign any bytes in a record.
 * Source: docs/spec/statement.md (judging), docs/spec/suites.md (tags), docs/threats.md (revoked devices).
 */

/* Devices: the account's first, its second, the intruder's. */
#define D1 0
#define D2 1
#define I 2

/* What a statement does, to which device: ADD + device, REVOKE + device. */
#define ADD 0
#define REVOKE 3
#define STATEMENTS 6

/* The tag under which a signature stands. */
#define STATEMENT 0
#define RECORD 1

#define LENGTH 3
#define SIGNATURES 4
#define RECORDS 1

/* The hash of a chain is modelled by all of its content: the genesis is 1 for the account, 2 for another. */
#define extended(head, what) ((head) * 7 + (what) + 1)

typedef Signature { byte by; byte tag; byte what; short prev };

/* What honest devices have signed, in the intruder's hands. */
Signature made[SIGNATURES];
byte count, records;

/* D1's own chain. */
short own = 1;
bool admitted, revoked, stolen;

/* The reader's. */
short head;
byte length;
bool believed[3];
bool knowsRevoked;

/* A device that nobody of the account admitted is never believed in, ... */
bool onlyAdmitted = true;
/* ... and one that a stolen device admitted not by those who know of the theft. */
bool thievesEnd = true;
bool goodEnd;

inline sign(device, under, content, before) {
  made[count].by = device;
  made[count].tag = under;
  made[count].what = content;
  made[count].prev = before;
  count++
}

/* Content and signature come to the reader; it believes them or not. */
inline judge(device, under, content, before) {
  if
  :: length < LENGTH && head != 0 &&
#ifndef NO_TAGS
     under == STATEMENT &&
#endif
#ifndef NO_PREV
     before == head &&
#endif
#ifndef NO_ACTIVE
     believed[device] ->
#else
     (device != I || believed[I]) ->
#endif
     head = extended(head, content);
     length++;
     if
     :: content < REVOKE -> believed[content] = true
     :: else ->
        believed[content - REVOKE] = false;
        knowsRevoked = knowsRevoked || (content == REVOKE + D2 && device == D1)
     fi
  :: else
  fi;
  check()
}

inline check() {
  onlyAdmitted = !believed[I] || stolen;
  assert(onlyAdmitted);
  thievesEnd = !believed[I] || !knowsRevoked;
  assert(thievesEnd);
#ifdef GOOD_END
  goodEnd = knowsRevoked && believed[D1] && !believed[D2];
  assert(!goodEnd)
#endif
}

init {
  byte by, what, at;
  do
  /* The reader begins with the genesis whose hash it was told. */
  :: atomic { head == 0 -> head = 1; believed[D1] = true }
#ifdef NO_GENESIS
  :: atomic { head == 0 -> head = 2; believed[I] = true; check() }
#endif

  /* D1 admits D2, as its user asked, and revokes it when it is gone. */
  :: atomic { !admitted && count < SIGNATURES ->
       sign(D1, STATEMENT, ADD + D2, own); own = extended(own, ADD + D2); admitted = true }
  :: atomic { admitted && !revoked && count < SIGNATURES ->
       sign(D1, STATEMENT, REVOKE + D2, own); own = extended(own, REVOKE + D2); revoked = true }
#ifndef NO_THEFT
  :: atomic { admitted && !stolen -> stolen = true }
#endif

  /* D1 writes a record whose bytes the intruder chose. */
  :: atomic { records < RECORDS && count < SIGNATURES && head != 0 -> records++; select(what : 0 .. STATEMENTS - 1); sign(D1, RECORD, what, head); what = 0 }

  /* The intruder shows something that was signed ... */
  :: atomic { count > 0 -> select(at : 0 .. SIGNATURES - 1);
       if
       :: at < count -> judge(made[at].by, made[at].tag, made[at].what, made[at].prev)
       :: else
       fi; at = 0 }
  /* ... or signs itself, by its own key and by the stolen one. */
  :: atomic { head != 0 -> select(what : 0 .. STATEMENTS - 1);
       if
       :: by = I
       :: stolen -> by = D2
       fi;
       judge(by, STATEMENT, what, head); what = 0; by = 0 }
#ifdef NO_ENDORSEMENT
  /* A certificate of the cluster's CA counts as admission. */
  :: atomic { head != 0 -> believed[I] = true; check() }
#endif
  od
}
