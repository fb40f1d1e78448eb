/** Vocabulary of the generated bucket. All of it is made up; none of it comes from the real one. */

export const TITLE_WORDS = (
  'love night river stone golden broken heart silver fire dream blue summer road ghost city light shadow wild moon ' +
  'rain dance echo paper glass winter storm angel machine velvet ocean garden mirror thunder honey iron feather ' +
  'midnight circus desert lantern harbor sparrow cinder willow signal copper orbit canyon ember tide'
).split(' ');

export const ARTIST_WORDS = (
  'The Velvet Crimson Electric Quiet Paper Northern Lonely Silver Wandering Black White Golden Broken Holy Neon ' +
  'Foxes Kings Orchestra Brothers Sisters Parade Machines Tigers Poets Rivers Engine Saints Lanterns Choir Union ' +
  'Björk Sigur Motörhead José Zoë Ångström'
).split(' ');

export const LOCATIONS = [
  'San Francisco-Oakland-Hayward, CA',
  'Phoenix-Mesa-Scottsdale, AZ',
  'Lubbock, TX',
  'New York-Newark-Jersey City, NY-NJ-PA',
  'Houston-The Woodlands-Sugar Land, TX',
  'Chicago-Naperville-Elgin, IL-IN-WI',
  'Tampa-St. Petersburg-Clearwater, FL',
  'Portland-South Portland, ME',
  'Lansing-East Lansing, MI',
  'Waterloo-Cedar Falls, IA',
  'Atlanta-Sandy Springs-Roswell, GA',
  'Janesville-Beloit, WI',
  'San Jose-Sunnyvale-Santa Clara, CA',
  'Marinette, WI-MI',
];

export const ARTIST_PLACES = [
  'London, England',
  'Reykjavík',
  'Brooklyn, NY',
  'São Paulo',
  ' Leeds ',
  'Köln, Germany',
  'Detroit\u0007, MI',
  'Montr\ufffdal',
  '<a href="http://example.com/band">Austin, TX</a>',
  'Nashville, TN ',
  'Osaka',
  'GERMANY',
];

export const FIRST_NAMES = (
  'Lily Kaylee Walter Sylvie Celeste José Theodore Chloë Jayden Stefany Ryan Mohammad Kate Tegan Jacob Layla Aiden ' +
  'Samuel Rylan Matthew Cienna Kinsley Avery Isaac Devin'
).split(' ');

export const LAST_NAMES = (
  'Koch Summers Frye Cruz Williams García Harris Levine Smith Rodriguez Bell Harrell Griffin Barrett Klein Larson ' +
  'Ramirez Jones Freeman Duarte Lynch'
).split(' ');

/** Some carry quotes of their own, as the real log has them. */
export const USER_AGENTS = [
  '"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_4) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0.1985.143 Safari/537.36"',
  '"Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/36.0.1985.143 Safari/537.36"',
  'Mozilla/5.0 (Windows NT 6.1; WOW64; rv:31.0) Gecko/20100101 Firefox/31.0',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:31.0) Gecko/20100101 Firefox/31.0',
  '"Mozilla/5.0 (iPhone; CPU iPhone OS 7_1_2 like Mac OS X) AppleWebKit/537.51.2 (KHTML, like Gecko) Version/7.0 Mobile/11D257 Safari/9537.53"',
  'Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; WOW64; Trident/5.0)',
];
