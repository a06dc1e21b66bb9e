/*
 * The handshake of the secure channel in the mode `device`, between a client on device D and its home server, over a
 * network that is the intruder. The intruder is also a user of the server with a device M of its own, has a signing key
 * without a certificate, and gets D's KEM key at the end (LEAK).
 * Source: docs/spec/channel.md.
 *
 * Terms: an ephemeral key stands for its ClientHello; a ciphertext is the pair of the key it is for and its secret; the
 * transcript is the tuple of what went before. Handshake frames can be made and read by who knows the KEM secret.
 */

#define CLIENTS 2
#define SERVERS 2

/* Ephemeral keys: 1 and 2 of the honest client's sessions, 3 the intruder's. */
#define EI 3
/* KEM secrets: 1 and 2 of the server's sessions, 3 the intruder's. Session keys likewise; 0 is none. */
#define KI 3
/* Devices; 0 is none, an anonymous client. */
#define ANONYMOUS 0
#define D 1
#define M 2

#define IDLE 0
#define HELLO 1
#define ANSWERED 2
#define DONE 3

typedef Client { byte state; byte secret; byte sessionKey };
typedef Server { byte state; byte ephemeral; byte device };

Client client[CLIENTS];
/* Server j has KEM secret j + 1 and session key j + 1. */
Server server[SERVERS];
bool leaked;

#define ephemeralOf(i) ((i) + 1)
#define secretOf(j) ((j) + 1)
#define keyOf(j) (server[j].device == ANONYMOUS -> 0 : (j) + 1)

/* The intruder knows a KEM secret that it chose or that was sealed to its own key. */
#define knowsSecret(k) ((k) == KI || ((k) > 0 && server[(k) - 1].state != IDLE && server[(k) - 1].ephemeral == EI))
/* It knows a session key that it chose, that was sealed to its device, or to D once D's key leaked; or none. */
#define knowsKey(k) ((k) == 0 || (k) == KI || (server[(k) - 1].state >= ANSWERED && \
  (server[(k) - 1].device == M || (server[(k) - 1].device == D && leaked))))

/* Traffic keys and Finished come from both. */
#ifdef NO_KEM_SECRET
#define knowsTraffic(k, s) knowsKey(s)
#else
#ifdef NO_SESSION_KEY
#define knowsTraffic(k, s) knowsSecret(k)
#else
#define knowsTraffic(k, s) (knowsSecret(k) && knowsKey(s))
#endif
#endif

/* Client i and server j saw the same handshake. */
#define agree(i, j) (client[i].secret == secretOf(j) && server[j].ephemeral == ephemeralOf(i) && \
  server[j].device == D && client[i].sessionKey == keyOf(j))
#define someServerAgrees(i) ((server[0].state >= ANSWERED && agree(i, 0)) || (server[1].state >= ANSWERED && agree(i, 1)))
#define someClientAgrees(j) ((client[0].state >= ANSWERED && agree(0, j)) || (client[1].state >= ANSWERED && agree(1, j)))

/* Who finished spoke with whom it believes, about the same keys, ... */
bool serverAuthenticated = true;
bool deviceAuthenticated = true;
/* ... which nobody else knows, whatever leaks later. */
bool secret = true;
bool goodEnd;

inline check() {
  for (n : 0 .. 1) {
    serverAuthenticated = client[n].state != DONE || someServerAgrees(n);
    assert(serverAuthenticated);
    deviceAuthenticated = server[n].state != DONE || server[n].device != D || someClientAgrees(n);
    assert(deviceAuthenticated);
    secret = (client[n].state != DONE || !knowsTraffic(client[n].secret, client[n].sessionKey)) &&
      (server[n].state != DONE || server[n].device != D || !knowsTraffic(secretOf(n), keyOf(n)));
    assert(secret)
  }
  n = 0;
#ifdef GOOD_END
  goodEnd = client[0].state == DONE && client[1].state == DONE && server[0].state == DONE && server[1].state == DONE;
  assert(!goodEnd)
#endif
}

init {
  byte i, j, k, e, n;
  do
  /* Server j answers any ClientHello: an honest one that was sent, or the intruder's. */
  :: atomic { select(j : 0 .. SERVERS - 1); select(e : 1 .. 3);
       if
       :: server[j].state == IDLE && (e == EI || client[e - 1].state != IDLE) ->
          server[j].ephemeral = e; server[j].state = HELLO
       :: else
       fi; j = 0; e = 0 }
  /* A client says hello: state HELLO with no secret yet. */
  :: atomic { select(i : 0 .. CLIENTS - 1);
       if
       :: client[i].state == IDLE -> client[i].state = HELLO
       :: else
       fi; i = 0 }
  /* Client i takes a ServerHello: the one that server j signed for this very ClientHello ... */
  :: atomic { select(i : 0 .. CLIENTS - 1); select(j : 0 .. SERVERS - 1);
       if
       :: client[i].state == HELLO && client[i].secret == 0 && server[j].state != IDLE &&
          server[j].ephemeral == ephemeralOf(i) -> client[i].secret = secretOf(j)
       :: else
       fi; i = 0; j = 0 }
  /* ... or the intruder's ciphertext, where nothing speaks against it. */
  :: atomic { select(i : 0 .. CLIENTS - 1); select(j : 0 .. SERVERS - 1);
       if
       :: client[i].state == HELLO && client[i].secret == 0 && (false
#ifdef NO_SIGNATURE
          || true
#endif
#ifdef NO_CERTIFICATE
          /* Signed by the intruder's own key. */
          || true
#endif
#ifdef NO_CIPHERTEXT_SIGNED
          /* Signed by the server, which says of the ciphertext nothing. */
          || (server[j].state != IDLE && server[j].ephemeral == ephemeralOf(i))
#endif
          ) -> client[i].secret = KI
       :: else
       fi; i = 0; j = 0 }
  /* Authenticate and Answer: the server seals a session key to the device that is claimed. */
  :: atomic { select(j : 0 .. SERVERS - 1); select(k : 0 .. 2);
       if
       :: server[j].state == HELLO && (knowsSecret(secretOf(j)) ||
          (k == D && (client[0].secret == secretOf(j) || client[1].secret == secretOf(j)))) ->
          server[j].device = k; server[j].state = ANSWERED
       :: else
       fi; j = 0; k = 0 }
  /* Client i opens an Answer: server j's, which comes under the handshake key and names the transcript ... */
  :: atomic { select(i : 0 .. CLIENTS - 1); select(j : 0 .. SERVERS - 1);
       if
       :: client[i].state == HELLO && client[i].secret != 0 && server[j].state >= ANSWERED && server[j].device == D &&
          (client[i].secret == secretOf(j) || knowsSecret(client[i].secret)) &&
#ifdef NO_CONTEXT
          true
#else
          server[j].ephemeral == ephemeralOf(i) && client[i].secret == secretOf(j)
#endif
          -> client[i].sessionKey = keyOf(j); client[i].state = ANSWERED
       :: else
       fi; i = 0; j = 0 }
  /* ... or one that the intruder sealed to D, if it can make the frame. */
  :: atomic { select(i : 0 .. CLIENTS - 1);
       if
       :: client[i].state == HELLO && client[i].secret != 0 && knowsSecret(client[i].secret) ->
          client[i].sessionKey = KI; client[i].state = ANSWERED
       :: else
       fi; i = 0 }
  /* Finished, of client i to server j, or made by the intruder. */
  :: atomic { select(i : 0 .. CLIENTS - 1); select(j : 0 .. SERVERS - 1);
       if
       :: server[j].state == ANSWERED && ((client[i].state >= ANSWERED && agree(i, j)) ||
#ifdef NO_CLIENT_FINISHED
          true ||
#endif
          knowsTraffic(secretOf(j), keyOf(j))) -> server[j].state = DONE
       :: else
       fi; i = 0; j = 0; check() }
  /* Finished, of server j to client i, or made by the intruder. */
  :: atomic { select(i : 0 .. CLIENTS - 1); select(j : 0 .. SERVERS - 1);
       if
       :: client[i].state == ANSWERED && ((server[j].state >= ANSWERED && agree(i, j)) ||
#ifdef NO_SERVER_FINISHED
          true ||
#endif
          knowsTraffic(client[i].secret, client[i].sessionKey)) -> client[i].state = DONE
       :: else
       fi; i = 0; j = 0; check() }
#ifdef LEAK
  /* D's KEM key becomes known; what was finished before stays secret. */
  :: atomic { leaked = true; check(); break }
#endif
  od
}
