import { describe, expect, it } from 'vitest';
import { libavCapabilities } from '../../../streams/libav/capabilities.js';
import { isHardwareEncoder, tryHardwareEncoders } from '../../../streams/libav/hardware-encoders.js';

describe('encoders that need a device', () => {
  it('are known by their names', () => {
    expect(['h264_nvenc', 'hevc_qsv', 'av1_vaapi', 'h264_videotoolbox'].every(isHardwareEncoder)).toBe(true);
    expect(['libx264', 'mpeg4', 'prores_ks'].some(isHardwareEncoder)).toBe(false);
  });

  it('are tried with a picture, and what fails has its reason', async () => {
    const states = await tryHardwareEncoders(['mpeg4', 'no_such_nvenc', 'libx264', 'pcm_s16le'], 60_000);
    expect(states).toEqual([
      { encoder: 'mpeg4', works: true, reason: undefined },
      { encoder: 'no_such_nvenc', works: false, reason: 'it is not in this FFmpeg' },
      { encoder: 'libx264', works: true, reason: undefined },
      { encoder: 'pcm_s16le', works: false, reason: expect.any(String) },
    ]);
  });

  it('do not work when time runs out', async () => {
    const [state] = await tryHardwareEncoders(['libx264'], 1);
    expect(state).toEqual({ encoder: 'libx264', works: false, reason: 'no answer within 0.001 s' });
  });
});

describe('the bundled FFmpeg', () => {
  it('tells its version, its licence and its encoders', () => {
    const { version, licence, videoEncoders, audioEncoders, decoders, hardwareEncoders } = libavCapabilities();
    expect(version).toMatch(/^\d+\.\d+/);
    expect(licence).toMatch(/GPL/);
    expect(videoEncoders).toEqual(expect.arrayContaining(['libx264', 'ffv1']));
    expect(audioEncoders).toContain('aac');
    expect(decoders).toBeGreaterThan(300);
    expect(hardwareEncoders.filter((name) => videoEncoders.includes(name))).toEqual([]);
  });
});
