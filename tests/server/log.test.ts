import { describe, expect, it } from 'vitest';
import { createLog, type Logger } from '../../server/log.js';

function logged(write: (log: Logger) => void, level: 'info' | 'silent' = 'info'): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog({ log: { level } }, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line));
}

describe('the log of the server', () => {
  it('writes lines of JSON from its level on', () => {
    const lines = logged((log) => {
      log.debug('too little');
      log.info({ stream: 'cam1' }, 'runs');
    });
    expect(lines).toMatchObject([{ level: 30, stream: 'cam1', msg: 'runs' }]);
    expect(logged((log) => log.error('x'), 'silent')).toEqual([]);
  });

  it('holds no secrets', () => {
    const lines = logged((log) => {
      log.info({ key: 'S1', token: 'S2', source: { key: 'S3', sig: 'S4' } }, 'fields');
      log.info({ url: 'rtmp://a.example/live/S5?key=S6' }, 'address');
      log.error({ err: new Error('cannot open rtsp://u:S7@camera/1?x=S8') }, 'error');
    });
    expect(JSON.stringify(lines)).not.toMatch(/S\d/);
    expect(lines[1]).toMatchObject({ url: 'rtmp://a.example/live/***?***' });
    expect(lines[2]).toMatchObject({ err: { message: 'cannot open rtsp://***@camera/1?***' } });
  });
});
