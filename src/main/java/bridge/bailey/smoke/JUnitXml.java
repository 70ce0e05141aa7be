package bridge.bailey.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results in the form that CI servers show: one suite, a case for each step. */
public final class JUnitXml {

    private JUnitXml() {}

    /** Writes the file, and the folders that lead to it. */
    public static void write(Path file, String target, List<Result> results) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        try (OutputStream out = Files.newOutputStream(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, UTF_8.name());
            xml.writeStartDocument(UTF_8.name(), "1.0");
            xml.writeCharacters("\n");
            suite(xml, target, results);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void suite(XMLStreamWriter xml, String target, List<Result> results) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", "smoke test of " + target);
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", count(results, Result.Verdict.FAILED));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", count(results, Result.Verdict.SKIPPED));
        xml.writeAttribute("time", seconds(results.stream().map(Result::took).reduce(Duration.ZERO, Duration::plus)));
        for (Result result : results) {
            xml.writeCharacters("\n  ");
            one(xml, result);
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
    }

    private static void one(XMLStreamWriter xml, Result result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "smoke");
        xml.writeAttribute("name", result.name());
        xml.writeAttribute("time", seconds(result.took()));
        switch (result.verdict()) {
            case PASSED -> {
                xml.writeStartElement("system-out");
                xml.writeCharacters(result.detail());
                xml.writeEndElement();
            }
            case FAILED -> message(xml, "failure", result);
            case SKIPPED -> message(xml, "skipped", result);
        }
        xml.writeEndElement();
    }

    private static void message(XMLStreamWriter xml, String element, Result result) throws XMLStreamException {
        xml.writeEmptyElement(element);
        xml.writeAttribute("message", result.detail());
    }

    private static String count(List<Result> results, Result.Verdict verdict) {
        return Long.toString(
                results.stream().filter(result -> result.verdict() == verdict).count());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9);
    }
}
