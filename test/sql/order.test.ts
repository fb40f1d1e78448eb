import fc from 'fast-check';
import { type EventSeed, type SongSeed, StarUnderTest } from './star-under-test';

const NOON = Date.UTC(2018, 10, 5, 12);

/** Few values a field, so that keys, moments, songs and users meet. */
const events: fc.Arbitrary<EventSeed> = fc.record({
  ts: fc.integer({ min: 0, max: 3 }).map((second) => NOON + second * 1000),
  sessionId: fc.integer({ min: 1, max: 2 }),
  itemInSession: fc.integer({ min: 0, max: 2 }),
  page: fc.constantFrom('NextSong', 'NextSong', 'Home'),
  userId: fc.constantFrom('1', '2', ''),
  level: fc.constantFrom('free', 'paid'),
  firstName: fc.constantFrom('Ann', 'Bob', null),
  song: fc.constantFrom('Uprising', 'Starlight', null),
  artist: fc.constantFrom('Muse', 'Amuse'),
  length: fc.constantFrom(190, 200, 210, null),
});

const songs: fc.Arbitrary<SongSeed> = fc.record({
  song_id: fc.constantFrom('S1', 'S2', 'S3'),
  title: fc.constantFrom('Uprising', 'Starlight'),
  artist_id: fc.constantFrom('A1', 'A2'),
  artist_name: fc.constantFrom('Muse', 'Amuse'),
  artist_location: fc.constantFrom('', 'Devon'),
  artist_latitude: fc.constantFrom(null, 50.5),
  duration: fc.constantFrom(190, 205, 210),
  year: fc.constantFrom(0, 2009),
});

const delivery = fc
  .record({ songs: fc.array(songs, { maxLength: 3 }), events: fc.array(events, { maxLength: 5 }) })
  .filter((each) => each.songs.length + each.events.length > 0);

describe('incremental loads', () => {
  let whole: StarUnderTest;
  let piecemeal: StarUnderTest;
  beforeAll(async () => {
    whole = await StarUnderTest.open();
    piecemeal = await StarUnderTest.open();
  });
  afterAll(async () => {
    await whole.close();
    await piecemeal.close();
  });

  // Each round begins with a refresh, which leaves nothing of the round before.
  it('give the star of one full refresh, in whatever order and however often the files arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 4 }), fc.nat(3), async (deliveries, again) => {
        await whole.load(
          'refresh',
          deliveries.flatMap((each) => each.songs),
          deliveries.flatMap((each) => each.events),
        );
        const arriving = [...deliveries, ...deliveries.slice(0, again)].reverse();
        for (const [index, each] of arriving.entries())
          await piecemeal.load(index === 0 ? 'refresh' : 'incremental', each.songs, each.events);
        expect(await piecemeal.tables()).toEqual(await whole.tables());
      }),
      { numRuns: 4 },
    );
  });
});
