import fc from 'fast-check';
import { scanFrames } from '../../../../local/redshift/copy/json-frames';

describe('The frames of a JSON file', () => {
  const found = (text: string) =>
    scanFrames(text, 1, true).frames.map(({ text, line, fault }) => [text, line, fault !== undefined]);

  it('end where their object ends, whatever the lines', () => {
    expect(found('{"a":1} {"b":{"c":[1,"}"]}}\n\n{\n"d": "\\"{"\n}')).toEqual([
      ['{"a":1}', 1, false],
      ['{"b":{"c":[1,"}"]}}', 1, false],
      ['{\n"d": "\\"{"\n}', 5, false],
    ]);
  });

  it('cost one error a broken line and find the next object again', () => {
    expect(found('{"a":1,\n{"b":2}\n{"c":"open}\n{"d":4}')).toEqual([
      ['{"a":1,', 1, true],
      ['{"b":2}', 2, false],
      ['{"c":"open}', 3, true],
      ['{"d":4}', 4, false],
    ]);
    expect(found('{"a":1},{"b":2}\nnull\n')).toEqual([
      ['{"a":1}', 1, false],
      [',', 1, true],
      ['{"b":2}', 1, false],
      ['null', 2, true],
    ]);
  });

  it('report an object that the file breaks off, at its last line', () => {
    expect(found('{"a":1}\n{"b":\n')).toEqual([
      ['{"a":1}', 1, false],
      ['{"b":', 2, true],
    ]);
  });

  it('are the same however the text is cut into pieces', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 6 });
    const space = fc.constantFrom(' ', '\n', '\r\n', '\n\n', '');
    fc.assert(
      fc.property(objects, space, fc.constantFrom(0, 2), fc.nat(), (values, gap, indent, seed) => {
        const texts = values.map((value) => JSON.stringify(value, null, indent));
        const whole = texts.join(gap);
        const cut = whole.length === 0 ? 0 : seed % whole.length;
        const first = scanFrames(whole.slice(0, cut), 1, false);
        const second = scanFrames(whole.slice(first.rest), first.line, true);
        const both = [...first.frames, ...second.frames];
        expect(both.map(({ text }) => text)).toEqual(texts);
        expect(both).toEqual(scanFrames(whole, 1, true).frames);
      }),
    );
  });
});
