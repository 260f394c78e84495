/**
 * How V8 is to run. Most commands end within a second, and optimising code that runs once took a third of their time: it
 * is to wait about eight times as long as usual. Long questions hardly notice.
 */
export const V8_FLAGS = "--interrupt-budget=1000000";
