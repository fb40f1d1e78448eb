/** After a start on the real bucket: exactly the counts that are known of it. Its one argument is the home. */
import { REAL_BUCKET } from './real-bucket';
import { expectCounts } from './sparkify';

process.env.SPARKIFY_HOME = process.argv[2] ?? process.env.SPARKIFY_HOME;
expectCounts(REAL_BUCKET);
