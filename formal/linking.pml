/*
 * Linking: a new device N shows a code, its user types it on the device O that is at hand, and both find each other in a
 * mailbox at the server. The server is the intruder: it reads and swaps what lies there. It has accounts, devices and
 * codes of its own. The user may begin again with the same code and other keys, within its ten minutes.
 * Source: docs/spec/enrolment.md.
 */

/* N's attempts, each with keys of its own; the intruder's device. */
#define ATTEMPTS 2
#define I 2

/* The codes from which MAC keys follow: N's, which the intruder does not know, and one of its own. */
#define CODE 1
#define FOREIGN 2

/* Facts: those of the account, those that the intruder made up. */
#define TRUE_FACTS 1
#define FALSE_FACTS 2

bool asked[ATTEMPTS], accepted[ATTEMPTS];
byte facts[ATTEMPTS];

/* What O did: it admitted each device so often, and answered its request. */
byte admitted[3];
bool answered[3];

/* Only what its user asked for is admitted, and once; ... */
bool onlyAsked = true, once = true;
/* ... and N believes what O told it of the account, about the keys that O admitted. */
bool factsAgree = true, keysAgree = true;
bool goodEnd;

/* What the intruder can write a MAC for. */
#ifdef CODE_SEEN
#define canMake(key) true
#else
#define canMake(key) ((key) == FOREIGN)
#endif

inline check() {
  onlyAsked = admitted[I] == 0;
  assert(onlyAsked);
  once = admitted[0] < 2 && admitted[1] < 2;
  assert(once);
  for (n : 0 .. ATTEMPTS - 1) {
    factsAgree = !accepted[n] || facts[n] == TRUE_FACTS;
    assert(factsAgree);
    keysAgree = !accepted[n] || admitted[n] > 0;
    assert(keysAgree)
  }
  n = 0;
#ifdef GOOD_END
  goodEnd = accepted[1] && admitted[1] == 1;
  assert(!goodEnd)
#endif
}

init {
  byte d, n, f, key;
  do
  /* N puts a request into the mailbox: its MAC is from the code. A second attempt ends the first. */
  :: atomic { !asked[0] -> asked[0] = true }
  :: atomic { asked[0] && !asked[1] && !accepted[0] -> asked[1] = true }

  /* O, with N's code typed in, reads a request out of the mailbox and admits its device. */
  :: atomic { select(d : 0 .. ATTEMPTS); select(key : CODE .. FOREIGN);
       if
       :: ((d < ATTEMPTS && asked[d] && key == CODE) || canMake(key)) &&
#ifndef NO_REQUEST_MAC
          key == CODE &&
#endif
#ifndef NO_USED_CHECK
          admitted[d] == 0 &&
#endif
          admitted[d] < 2 -> admitted[d]++; answered[d] = true
       :: else
       fi; d = 0; key = 0; check() }

  /* N, at its attempt d, takes an answer to the request n. */
  :: atomic { select(d : 0 .. ATTEMPTS - 1); select(n : 0 .. ATTEMPTS); select(key : CODE .. FOREIGN);
       select(f : TRUE_FACTS .. FALSE_FACTS);
       if
       :: asked[d] && !accepted[d] && !(d == 0 && asked[1]) &&
          ((answered[n] && key == CODE && f == TRUE_FACTS) || canMake(key)) &&
#ifndef NO_ANSWER_MAC
          key == CODE &&
#endif
#ifndef NO_REQUEST_HASH
          n == d &&
#endif
          true -> facts[d] = f; accepted[d] = true
       :: else
       fi; d = 0; n = 0; key = 0; f = 0; check() }
  od
}
