/** What a job's author tests with, `yeoul/testing`. */
export * from '@yeoul/testing';
