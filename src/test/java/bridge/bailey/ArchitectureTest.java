package bridge.bailey;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import bridge.bailey.consul.Txn;
import bridge.bailey.flow.Flows;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules that docs/architecture.md promises. */
class ArchitectureTest {

    private static final JavaClasses BAILEY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("bridge.bailey");

    private static final String[] PURE = {
        "bridge.bailey.model", "bridge.bailey.desired", "bridge.bailey.plan", "bridge.bailey.view"
    };

    @Test
    void whatIsPureDependsOnJavaAndItselfOnly() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE).or(resideInAnyPackage("java..")))
                .check(BAILEY);
    }

    @Test
    void whatIsPureNeitherLogsNorDoesIoNorLooksAtAClock() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "java.io..", "java.nio.file..", "java.net..")
                .orShould()
                .dependOnClassesThat(nameMatching("java\\.lang\\.(System|Thread|System\\$Logger)"))
                .orShould()
                .dependOnClassesThat(nameMatching("java\\.time\\..*Clock|java\\.time\\.InstantSource"))
                .check(BAILEY);
    }

    @Test
    void theModelDependsOnNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("bridge.bailey.model")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("bridge.bailey..").and(not(resideInAnyPackage("bridge.bailey.model"))))
                .check(BAILEY);
    }

    @Test
    void typesOfKubernetesStopWhereItIsReadAndWritten() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "bridge.bailey.crd",
                        "bridge.bailey.source",
                        "bridge.bailey.target",
                        "bridge.bailey.lead",
                        "bridge.bailey.check",
                        "bridge.bailey.cli")
                .and()
                .doNotBelongToAnyOf(Flows.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8..")
                .check(BAILEY);
    }

    @Test
    void typesOfTheConsulClientStopAtTheWire() {
        noClasses()
                .that()
                .resideOutsideOfPackage("bridge.bailey.consul")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.orbitz..", "okhttp3..", "okio..", "retrofit2..")
                .check(BAILEY);
    }

    @Test
    void typesOfTheAwsSdkStopWhereEc2IsRead() {
        noClasses()
                .that()
                .resideOutsideOfPackage("bridge.bailey.source")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon..")
                .check(BAILEY);
    }

    @Test
    void onlyTheTargetWritesToConsul() {
        noClasses()
                .that()
                .resideOutsideOfPackages("bridge.bailey.target", "bridge.bailey.consul")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Txn.class)
                .check(BAILEY);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("bridge.bailey.(*)..").should().beFreeOfCycles().check(BAILEY);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveNameMatching(".*\\.(Base[A-Z]|Abstract[A-Z])\\w*|.*(Utils?|Helpers?|Managers?|Base)")
                .check(BAILEY);
    }
}
