/*
 * A room's log through a byzantine relay. Two members write and read; the relay keeps what they hand in and shows each
 * of them what it likes: it forks, drops, replays, reorders and goes back. It signs every head that it likes.
 * Source: docs/spec/roster.md (log, forks), docs/spec/record.md (judging), docs/spec/head.md.
 *
 * The hash of a log is modelled by the log: a head names the very entries. An entry is one record of one device; it
 * names its place among the device's records and the newest head that its author had verified.
 */

#define MEMBERS 2
/* Records that each writes. */
#define EACH 2
#define ENTRIES 4
/* Longest log. */
#define LENGTH 4
#define NONE 9

/* Entry e is record e % EACH of member e / EACH. */
#define authorOf(e) ((e) / EACH)
#define seqOf(e) ((e) % EACH)

typedef Log { byte at[LENGTH] };

/* What each member took, in order. */
Log taken[MEMBERS];
byte length[MEMBERS];
bool halted[MEMBERS];
/* How many records each wrote, and the head that each of them names. */
byte written[MEMBERS];
byte seenLength[ENTRIES];
Log seen[ENTRIES];
/* How many entries of the other, with one's own log as it stands, were taken: up to there both must have one past. */
byte agreed[MEMBERS];

/* Two logs are one up to what each has seen of the other, ... */
bool onePast = true;
/* ... each author's records come in order, without a gap, and once. */
bool inOrder = true;
bool goodEnd;

inline check() {
  for (o : 0 .. MEMBERS - 1) {
    mine = 0; others = 0;
    for (i : 0 .. LENGTH - 1) {
      onePast = i >= agreed[o] || taken[o].at[i] == taken[1 - o].at[i];
      assert(onePast);
      if
      :: i < length[o] && authorOf(taken[o].at[i]) == o ->
         inOrder = seqOf(taken[o].at[i]) == mine;
         assert(inOrder);
         mine++
      :: i < length[o] && authorOf(taken[o].at[i]) != o ->
         inOrder = seqOf(taken[o].at[i]) == others;
         assert(inOrder);
         others++
      :: else
      fi
    }
  }
  o = 0; i = 0; mine = 0; others = 0;
#ifdef GOOD_END
  goodEnd = length[0] == LENGTH && length[1] == LENGTH && agreed[0] > 2 && agreed[1] > 1;
  assert(!goodEnd)
#endif
}

/* Whether entry e fits behind the log of member m. */
inline judge(m, e) {
  fits = true; contradicts = false;
  /* The device's records before it are there, all and once. */
  n = 0;
  for (i : 0 .. LENGTH - 1) {
    if
    :: i < length[m] && authorOf(taken[m].at[i]) == authorOf(e) -> n++
    :: else
    fi
  }
#ifndef NO_SEQUENCE
  fits = n == seqOf(e);
#endif
  /* The head that it names lies on this log. */
  for (i : 0 .. LENGTH - 1) {
    if
    :: i < seenLength[e] && (i >= length[m] || seen[e].at[i] != taken[m].at[i]) -> contradicts = true
    :: else
    fi
  }
  i = 0; n = 0;
#ifdef NO_SEEN
  contradicts = false
#endif
}

init {
  byte m, e, i, n, o, mine, others;
  bool fits, contradicts;
  for (m : 0 .. MEMBERS - 1) {
    for (i : 0 .. LENGTH - 1) { taken[m].at[i] = NONE }
  }
  m = 0; i = 0;
  do
  /* A member writes: the record names the head that it has verified. */
  :: atomic { select(m : 0 .. MEMBERS - 1);
       if
       :: !halted[m] && written[m] < EACH ->
          e = m * EACH + written[m];
          seenLength[e] = length[m];
          for (i : 0 .. LENGTH - 1) { seen[e].at[i] = (i < length[m] -> taken[m].at[i] : 0) }
          written[m]++
       :: else
       fi; m = 0; e = 0; i = 0 }
  /* The relay shows a member any entry that was ever handed in as its next one. */
  :: atomic { select(m : 0 .. MEMBERS - 1); select(e : 0 .. ENTRIES - 1);
       if
       :: !halted[m] && length[m] < LENGTH && seqOf(e) < written[authorOf(e)] ->
          judge(m, e);
          if
          /* Evidence of two pasts: nothing is taken and nothing sent any more. */
          :: contradicts -> halted[m] = true
          :: !contradicts && fits ->
             taken[m].at[length[m]] = e;
             length[m]++;
             if
             :: authorOf(e) != m && seenLength[e] > agreed[m] -> agreed[m] = seenLength[e]
             :: else
             fi;
             check()
          :: else
          fi
       :: else
       fi; m = 0; e = 0; i = 0; n = 0; fits = false; contradicts = false }
#ifdef NO_ROLLBACK_CHECK
  /* The relay shows a member a shorter log, as if what it took had never been. */
  :: atomic { select(m : 0 .. MEMBERS - 1);
       if
       :: length[m] > 0 -> length[m]--; taken[m].at[length[m]] = NONE
       :: else
       fi; check(); m = 0 }
#endif
  od
}
