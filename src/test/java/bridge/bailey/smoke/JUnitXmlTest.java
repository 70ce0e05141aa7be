package bridge.bailey.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.smoke.Result.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The report can be read by those who read JUnit's. */
class JUnitXmlTest {

    @Test
    void eachStepIsACase(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("new/folder/TEST-smoke.xml");
        JUnitXml.write(
                file,
                "http://h",
                List.of(
                        new Result("a", Verdict.PASSED, "well <&> \u0001", Duration.ofMillis(1234)),
                        new Result("b", Verdict.FAILED, "\"no\"", Duration.ofMillis(1)),
                        new Result("c", Verdict.SKIPPED, "nothing", Duration.ZERO)));

        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("3");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        Element first = (Element) suite.getElementsByTagName("testcase").item(0);
        assertThat(first.getAttribute("name")).isEqualTo("a");
        assertThat(first.getAttribute("time")).isEqualTo("1.234");
        assertThat(first.getTextContent()).startsWith("well <&>");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("\"no\"");
        assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("b");
    }
}
