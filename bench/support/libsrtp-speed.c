/* How fast libsrtp is: "libsrtp-speed PROFILE COUNT BYTES" protects and unprotects so many packets of so many bytes of payload,
 * five times, and prints the fastest round in nanoseconds a packet. */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

int main(int count_of_words, char **words) {
  unsigned char key[46], packet[2048];
  srtp_policy_t policy;
  if (count_of_words != 4 || srtp_init() != srtp_err_status_ok) return 1;
  int count = atoi(words[2]), bytes = atoi(words[3]);
  double fastest = 1e18;
  for (int i = 0; i < (int)sizeof key; i++) key[i] = (unsigned char)i;
  memset(&policy, 0, sizeof policy);
  if (strcmp(words[1], "gcm") == 0) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  }
  policy.key = key;
  for (int round = 0; round < 5; round++) {
    srtp_t out, in;
    policy.ssrc.type = ssrc_any_outbound;
    if (srtp_create(&out, &policy) != srtp_err_status_ok) return 2;
    policy.ssrc.type = ssrc_any_inbound;
    if (srtp_create(&in, &policy) != srtp_err_status_ok) return 3;
    double start = now();
    for (int i = 0; i < count; i++) {
      memset(packet, 0, 12);
      packet[0] = 0x80;
      packet[1] = 96;
      packet[2] = (unsigned char)(i >> 8);
      packet[3] = (unsigned char)i;
      packet[11] = 7;
      memset(packet + 12, 0x55, (size_t)bytes);
      int length = 12 + bytes;
      if (srtp_protect(out, packet, &length) != srtp_err_status_ok) return 4;
      if (srtp_unprotect(in, packet, &length) != srtp_err_status_ok) return 5;
    }
    double took = (now() - start) / count;
    if (took < fastest) fastest = took;
    srtp_dealloc(out);
    srtp_dealloc(in);
  }
  printf("%f\n", fastest);
  return 0;
}
