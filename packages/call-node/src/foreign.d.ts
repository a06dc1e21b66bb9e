// Its package.json hides its types behind "exports".
declare module '@evan/opus' {
  export class Encoder {
    constructor(options: { channels: 1; sample_rate: 48000; application: 'voip' });
    ctl(request: number, value?: number): number;
    encode(samples: Uint8Array): Uint8Array;
  }
  export class Decoder {
    constructor(options: { channels: 1; sample_rate: 48000 });
    decode(packet: Uint8Array): Uint8Array;
  }
}
