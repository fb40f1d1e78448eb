/** The environments on AWS, in the order of a promotion: each has a file in lib/config. */
export const AWS_ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
export type AwsEnvironment = (typeof AWS_ENVIRONMENTS)[number];

/** The bucket that their files name, as this checkout comes. */
export const SOURCE_BUCKET = 'udacity-dend';
