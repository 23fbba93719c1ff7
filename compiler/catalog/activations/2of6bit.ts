import { fewOnes } from "../activation.js";

export default fewOnes(2, 6);
