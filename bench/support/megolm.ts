import {
  DecryptionSettings,
  DeviceId,
  EncryptionSettings,
  initAsync,
  OlmMachine,
  RoomId,
  UserId,
} from '@matrix-org/matrix-sdk-crypto-wasm';

/** A Megolm session of one machine, which opens what it sealed itself, as it would what others sealed. */
export async function megolmSession(): Promise<{
  readonly seal: (text: string) => Promise<string>;
  readonly open: (sealed: string) => Promise<string>;
}> {
  await initAsync();
  const [user, room] = ['@a:example.org', '!r:example.org'];
  const machine = await OlmMachine.initialize(new UserId(user), new DeviceId('DEVICE'));
  const settings = new EncryptionSettings();
  settings.rotationPeriodMessages = 1_000_000n;
  await machine.shareRoomKey(new RoomId(room), [new UserId(user)], settings);
  const trust = new DecryptionSettings(0);
  let events = 0;
  return {
    seal: (text) =>
      machine.encryptRoomEvent(new RoomId(room), 'm.room.message', JSON.stringify({ msgtype: 'm.text', body: text })),
    async open(sealed) {
      const event = {
        type: 'm.room.encrypted',
        event_id: `$${events++}:example.org`,
        sender: user,
        origin_server_ts: events,
        room_id: room,
        content: JSON.parse(sealed),
      };
      return (await machine.decryptRoomEvent(JSON.stringify(event), new RoomId(room), trust)).event;
    },
  };
}
