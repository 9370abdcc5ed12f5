export { type ServiceUnderTest, startForTest } from "./start-for-test.ts";
