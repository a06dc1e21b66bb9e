/* libsrtp between two pipes: the first line is "PROFILE KEYHEX" (key and salt), each further one a letter and a packet:
 * P protect RTP, U unprotect RTP, p protect RTCP, u unprotect RTCP. Answers with the packet in hexadecimal or "refused". */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <string.h>

static int parse_hex(const char *text, unsigned char *bytes) {
  int length = 0;
  unsigned int byte;
  while (sscanf(text, "%2x", &byte) == 1) {
    bytes[length++] = (unsigned char)byte;
    text += 2;
  }
  return length;
}

static void set_profile(const char *name, srtp_policy_t *policy) {
  if (strcmp(name, "AES_CM_128_HMAC_SHA1_80") == 0) {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
  } else if (strcmp(name, "AES_CM_128_HMAC_SHA1_32") == 0) {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy->rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
  } else if (strcmp(name, "AES_256_CM_HMAC_SHA1_80") == 0) {
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtp);
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
  } else if (strcmp(name, "AES_256_CM_HMAC_SHA1_32") == 0) {
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy->rtp);
    srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
  } else if (strcmp(name, "AEAD_AES_128_GCM") == 0) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
  } else {
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtcp);
  }
}

int main(void) {
  char name[64], text[8192];
  unsigned char key[64], packet[4096];
  srtp_policy_t policy;
  srtp_t out, in;
  if (srtp_init() != srtp_err_status_ok) return 1;
  if (scanf("%63s %8191s", name, text) != 2) return 2;
  memset(&policy, 0, sizeof policy);
  memset(key, 0, sizeof key);
  parse_hex(text, key);
  set_profile(name, &policy);
  policy.key = key;
  policy.window_size = 128;
  policy.ssrc.type = ssrc_any_outbound;
  if (srtp_create(&out, &policy) != srtp_err_status_ok) return 3;
  policy.ssrc.type = ssrc_any_inbound;
  if (srtp_create(&in, &policy) != srtp_err_status_ok) return 4;
  char what;
  while (scanf(" %c %8191s", &what, text) == 2) {
    int length = parse_hex(text, packet);
    srtp_err_status_t status = what == 'P'   ? srtp_protect(out, packet, &length)
                               : what == 'U' ? srtp_unprotect(in, packet, &length)
                               : what == 'p' ? srtp_protect_rtcp(out, packet, &length)
                                             : srtp_unprotect_rtcp(in, packet, &length);
    if (status != srtp_err_status_ok) printf("refused\n");
    else {
      for (int i = 0; i < length; i++) printf("%02x", packet[i]);
      printf("\n");
    }
    fflush(stdout);
  }
  return 0;
}
